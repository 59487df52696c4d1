import { readCell } from "../read.ts";
import type { DeviceTree, Label, Node, Property, Reservation } from "../tree.ts";
import type { DraftNode, DraftProperty } from "./draft.ts";

/** The finished tree: nothing deleted is left in it. */
export const freeze = (root: DraftNode, reservations: readonly Reservation[]): DeviceTree => ({
  reservations,
  bootCpuid: bootCpuidOf(root),
  root: freezeNode(root),
});

/** The first of the CPUs, deleted or not, decides; it may have lost its `reg`. */
function bootCpuidOf(root: DraftNode): number {
  const cpus = root.children.find(({ name, deleted }) => name === "cpus" && !deleted);
  const reg = cpus?.children[0]?.properties.find(({ name, deleted }) => name === "reg" && !deleted);
  return (reg && readCell(reg.value)) ?? 0;
}

function freezeNode(draft: DraftNode): Node {
  const node: Node = {
    name: draft.name,
    labels: draft.labels.freeze(),
    properties: freezeLive(draft.properties, freezeProperty),
    children: freezeLive(draft.children, freezeNode),
    spans: draft.spans,
  };
  return draft.omitIfNoRef ? { ...node, omitIfNoRef: true } : node;
}

const freezeLive = <D extends { readonly deleted: boolean }, T>(
  drafts: readonly D[],
  freezeOne: (draft: D) => T,
): T[] => drafts.filter(({ deleted }) => !deleted).map(freezeOne);

const none: readonly Label[] = [];

const freezeProperty = ({ name, labels, value, span }: DraftProperty): Property => ({
  name,
  labels: labels?.freeze() ?? none,
  value,
  span,
});
