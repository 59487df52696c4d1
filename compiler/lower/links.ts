import type { Node } from "dtc-js";
import { cells, cells64, node, property, strings } from "dtc-js";
import { hex } from "../base/units.ts";
import type { PlacedPort, PlacedSystem } from "../ir/placed.ts";
import { viewsOf } from "../ir/placed.ts";

/** One end of an event channel: two nodes name each other by phandle. */
export interface ChannelEnd extends PlacedPort {
  readonly phandle: number;
  readonly other: number;
}

/** Two ends a channel, each with a phandle of its own. */
export const channelEnds = ({ eventChannels }: PlacedSystem, freePhandle: () => number): readonly ChannelEnd[] =>
  eventChannels.flatMap((ends) => {
    const [first, second] = [freePhandle(), freePhandle()];
    return [
      { ...ends[0], phandle: first, other: second },
      { ...ends[1], phandle: second, other: first },
    ];
  });

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
export const viewNodes = (placed: PlacedSystem, domain: string): readonly Node[] =>
  viewsOf(placed, domain).map(({ share: { resolved, machine }, at }) =>
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
  );
