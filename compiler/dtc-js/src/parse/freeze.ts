import { readCell } from "../read.ts";
import type { DeviceTree, Node, Reservation } from "../tree.ts";
import type { DraftNode } from "./draft.ts";
import type { PropertyNotes } from "./property-notes.ts";

/** The finished tree: nothing deleted is left in it. The draft is used up. */
export const freeze = (root: DraftNode, reservations: readonly Reservation[], notes: PropertyNotes): DeviceTree => ({
  reservations,
  bootCpuid: bootCpuidOf(root, notes),
  root: freezeNode(root, notes),
});

/** The first of the CPUs, deleted or not, decides; it may have lost its `reg`. */
function bootCpuidOf(root: DraftNode, notes: PropertyNotes): number {
  const cpus = root.children.find(({ name, deleted }) => name === "cpus" && !deleted);
  const reg = cpus?.children[0]?.properties.find((property) => property.name === "reg" && !notes.isDeleted(property));
  return (reg && readCell(reg.value)) ?? 0;
}

function freezeNode(draft: DraftNode, notes: PropertyNotes): Node {
  const node: Node = {
    name: draft.name,
    labels: draft.labels.freeze(),
    properties: notes.finish(draft.properties),
    children: draft.children.filter(({ deleted }) => !deleted).map((child) => freezeNode(child, notes)),
    spans: draft.spans,
  };
  return draft.omitIfNoRef ? { ...node, omitIfNoRef: true } : node;
}
