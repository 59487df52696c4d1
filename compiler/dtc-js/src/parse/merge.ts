import { addChild, addProperty, childNamed, deleteNode, propertyNamed, type DraftNode } from "./draft.ts";
import type { DraftProperty } from "./draft-property.ts";
import type { ParseContext } from "./context.ts";

/** Puts a later definition of a node into the earlier one. `later` is used up. */
export function mergeNodes(earlier: DraftNode, later: DraftNode, context: ParseContext): void {
  earlier.deleted = false;
  earlier.spans.push(...later.spans);
  for (const label of later.labels.all()) {
    earlier.labels.add(label);
    context.labels.replace(label.name, later, earlier);
  }
  for (const property of later.properties) mergeProperty(earlier, property, context);
  for (const child of later.children) mergeChild(earlier, child, context);
}

function mergeProperty(node: DraftNode, later: DraftProperty, { notes }: ParseContext): void {
  const earlier = propertyNamed(node, later.name);
  if (notes.isDeleted(later)) {
    if (earlier) notes.delete(earlier);
  } else if (earlier) {
    notes.addLabels(earlier, notes.labelsOf(later));
    earlier.value = later.value;
    earlier.span = later.span;
    notes.restore(earlier);
  } else addProperty(node, later);
}

function mergeChild(node: DraftNode, later: DraftNode, context: ParseContext): void {
  const earlier = childNamed(node, later.name);
  if (later.deleted) {
    if (earlier) deleteNode(earlier, context.notes);
  } else if (earlier) mergeNodes(earlier, later, context);
  else addChild(node, later);
}
