import type { Node } from "dtc-js";
import { cells, node, property, strings } from "dtc-js";
import { storeEntries, storeStrings } from "../codecs/xenstore.ts";
import type { PlacedSystem } from "../ir/placed.ts";
import { storeDomains } from "../ir/placed.ts";
import type { PlacedLink } from "../ir/pv.ts";
import { freeNodeName } from "./node-name.ts";

/**
 * Our own node (hypervisor/xen/README.md), where there are PV links: what the core's XenStore holds at first, and which
 * domains may grant pages and bind event channels to each other, backend and frontend. Upstream leaves that to a toolstack.
 */
export function storeNode(placed: PlacedSystem): readonly Node[] {
  const { resolved } = placed;
  if (resolved.target.hypervisor !== "core" || placed.pv.length === 0) return [];
  return [
    node(freeNodeName("xenstore", resolved), {
      properties: [
        property("compatible", strings("xenimg,xenstore")),
        property("xenimg,entries", strings(...storeStrings(storeEntries(storeDomains(placed), placed.pv)))),
        property("xenimg,pairs", cells(...pairsOf(placed.pv).flat())),
      ],
    }),
  ];
}

/** Each pair once, in the order of the links. */
function pairsOf(links: readonly PlacedLink[]): readonly (readonly [number, number])[] {
  const pairs = links.map(({ backendId, frontendId }) => [backendId, frontendId] as const);
  return [...new Map(pairs.map((pair) => [pair.join(), pair])).values()];
}
