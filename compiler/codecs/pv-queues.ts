/** What Linux's drivers of one end take for a link, at most. */
export interface PvDemand {
  /** Nodes that they make in XenStore, besides those that are there at first. */
  readonly nodes: number;
  readonly eventChannels: number;
  /** Entries of the grant table. */
  readonly grants: number;
  /** Of the other end's pages. */
  readonly mappings: number;
}

/** Slots of a network ring in a page, either way (xen/include/public/io/netif.h). */
const netSlots = 256;
/** Requests of a disk's ring in a page (xen/include/public/io/blkif.h). */
const diskSlots = 32;
/** Of a request: pages that Linux's frontend asks for at most (its `max_indirect_segments`), and the one that lists them. */
const diskPages = 32 + 1;

/** A console has a page (xen/include/public/io/console.h) and an event channel; Linux's frontend writes which. */
const consoleDemand = {
  frontend: { nodes: 2, eventChannels: 1, grants: 1, mappings: 0 },
  backend: { nodes: 0, eventChannels: 1, grants: 0, mappings: 1 },
} as const;

/**
 * Of a link with `queues` queues, which a console has not. Both drivers have as many as the end with fewer CPUs has, where `max_queues` is not set;
 * which keys they write was observed of Linux 6.1 (system/pv-linux.test.ts).
 */
export function pvDemand(
  kind: "net" | "block" | "console",
  queues: number,
): Readonly<Record<"frontend" | "backend", PvDemand>> {
  if (kind === "console") return consoleDemand;
  const ownDirectory = queues > 1 ? 1 : 0;
  if (kind === "net") {
    const eventChannels = 2 * queues;
    return {
      frontend: {
        nodes: 8 + (4 + ownDirectory) * queues,
        eventChannels,
        grants: (2 + 2 * netSlots) * queues,
        mappings: 0,
      },
      // What it sends to the frontend it copies.
      backend: { nodes: 12, eventChannels, grants: 0, mappings: (2 + netSlots) * queues },
    };
  }
  const pages = (1 + diskSlots * diskPages) * queues;
  return {
    frontend: {
      nodes: 2 + ownDirectory + (2 + ownDirectory) * queues,
      eventChannels: queues,
      grants: pages,
      mappings: 0,
    },
    backend: { nodes: 14, eventChannels: queues, grants: 0, mappings: pages },
  };
}

/** Nodes that a guest of Xen makes while it boots: `control/feature-poweroff`, `-reboot` and `-suspend`. */
export const bootNodes = 3;
