import type { Node } from "dtc-js";
import { cells, node, property, strings } from "dtc-js";
import { storeEntries, storePairs, storeStrings } from "../codecs/xenstore.ts";
import type { PlacedSystem } from "../ir/placed.ts";
import { storeDomains } from "../ir/placed.ts";
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
        property("xenimg,pairs", cells(...storePairs(placed.pv).flat())),
      ],
    }),
  ];
}
