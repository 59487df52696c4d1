import type { DeviceTree, Node } from "dtc-js";
import { findNode, phandleOf } from "dtc-js";
import { guestGicPhandle, hypervisorProperties } from "../ir/devices.ts";

/** The phandle of the guest's interrupt controller: that of the /gic which stands for it in a partial tree, if it has one. */
export function gicPhandle(partial: DeviceTree | undefined): number {
  const gic = partial && findNode(partial, "/gic");
  return (gic && phandleOf(gic)) ?? guestGicPhandle;
}

/** What a partial tree adds to the guest's (Xen docs/misc/arm/passthrough.txt). */
export const assignedNodes = (partial: DeviceTree): readonly Node[] =>
  ["/aliases", "/passthrough"].flatMap((path) => {
    const found = findNode(partial, path);
    return found ? [forGuest(found)] : [];
  });

const forHypervisor = new Set<string>(hypervisorProperties);

const forGuest = (node: Node): Node => ({
  ...node,
  properties: node.properties.filter(({ name }) => !forHypervisor.has(name)),
  children: node.children.map(forGuest),
});
