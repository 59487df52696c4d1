import {
  addChild,
  addLabels,
  addProperty,
  childNamed,
  deleteNode,
  deleteProperty,
  propertyNamed,
  type DraftNode,
  type DraftProperty,
} from "./draft.ts";
import type { LabelIndex } from "./label-index.ts";

/** Puts a later definition of a node into the earlier one. `later` is used up. */
export function mergeNodes(earlier: DraftNode, later: DraftNode, labels: LabelIndex): void {
  earlier.deleted = false;
  earlier.spans.push(...later.spans);
  for (const label of later.labels.all()) {
    earlier.labels.add(label);
    labels.replace(label.name, later, earlier);
  }
  for (const property of later.properties) mergeProperty(earlier, property);
  for (const child of later.children) mergeChild(earlier, child, labels);
}

function mergeProperty(node: DraftNode, later: DraftProperty): void {
  const earlier = propertyNamed(node, later.name);
  if (later.deleted) {
    if (earlier) deleteProperty(earlier);
  } else if (earlier) {
    addLabels(earlier, later.labels?.all() ?? []);
    earlier.value = later.value;
    earlier.span = later.span;
    earlier.deleted = false;
  } else addProperty(node, later);
}

function mergeChild(node: DraftNode, later: DraftNode, labels: LabelIndex): void {
  const earlier = childNamed(node, later.name);
  if (later.deleted) {
    if (earlier) deleteNode(earlier);
  } else if (earlier) mergeNodes(earlier, later, labels);
  else addChild(node, later);
}
