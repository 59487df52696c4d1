import type { Node } from "dtc-js";
import { cells, cells64, node, property, strings } from "dtc-js";
import { hex } from "../base/units.ts";
import type { PlacedSystem } from "../ir/placed.ts";
import type { ResolvedSystem } from "../ir/resolved.ts";

/** One end of an event channel: two nodes name each other by phandle. */
export interface ChannelEnd {
  readonly domain: string;
  readonly port: number;
  readonly phandle: number;
  readonly other: number;
}

/** `phandle(n)` is the nth that is free. */
export function channelEnds(
  { eventChannels }: ResolvedSystem,
  phandle: (index: number) => number,
): readonly ChannelEnd[] {
  return eventChannels.flatMap((ends, index) => {
    const handles = [phandle(2 * index), phandle(2 * index + 1)] as const;
    return [
      { ...ends[0], phandle: handles[0], other: handles[1] },
      { ...ends[1], phandle: handles[1], other: handles[0] },
    ];
  });
}

/** Xen, docs/misc/arm/device-tree/booting.txt, "Static Event Channel". */
export const portNodes = (domain: string, ends: readonly ChannelEnd[]): readonly Node[] =>
  ends
    .filter((end) => end.domain === domain)
    .map(({ port, phandle, other }) =>
      node(`evtchn@${hex(port).slice(2)}`, {
        properties: [
          property("compatible", strings("xen,evtchn-v1")),
          property("xen,evtchn", cells(port, other)),
          property("phandle", cells(phandle)),
        ],
      }),
    );

/** Xen, docs/misc/arm/device-tree/booting.txt, "Static Shared Memory". */
export const viewNodes = ({ sharedMemory }: PlacedSystem, domain: string): readonly Node[] =>
  sharedMemory.flatMap(({ resolved, machine, views }) =>
    views
      .filter((view) => view.domain === domain)
      .map(({ at }) =>
        node(`shared-mem@${hex(at.start).slice(2)}`, {
          properties: [
            property("compatible", strings("xen,domain-shared-memory-v1")),
            property("xen,shm-id", strings(resolved.name)),
            property("xen,shared-mem", cells64(machine.start, at.start, machine.size)),
            ...(resolved.owner === undefined
              ? []
              : [property("role", strings(resolved.owner === domain ? "owner" : "borrower"))]),
          ],
        }),
      ),
  );
