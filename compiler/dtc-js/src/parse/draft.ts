import { firstByName } from "../by-name.ts";
import type { Span } from "../span.ts";
import { DraftLabels } from "./draft-labels.ts";
import type { DraftProperty } from "./draft-property.ts";
import type { PropertyNotes } from "./property-notes.ts";

/**
 * The tree while it is being read. As in dtc, what is deleted stays in its list: a later definition of the same name
 * takes its place again, and thereby its position.
 */
export interface DraftNode {
  readonly name: string;
  readonly labels: DraftLabels;
  properties: DraftProperty[];
  children: DraftNode[];
  parent: DraftNode | undefined;
  deleted: boolean;
  omitIfNoRef: boolean;
  spans: Span[];
  /** First of each name in `children` and `properties`; made when something is merged into the node. */
  childByName?: Map<string, DraftNode>;
  propertyByName?: Map<string, DraftProperty>;
}

export const draftNode = (name: string): DraftNode => ({
  name,
  labels: new DraftLabels(),
  properties: [],
  children: [],
  parent: undefined,
  deleted: false,
  omitIfNoRef: false,
  spans: [],
});

/** 1 for the root. */
export function depthOf(node: DraftNode): number {
  let depth = 1;
  for (let above = node.parent; above; above = above.parent) depth++;
  return depth;
}

export function addChild(parent: DraftNode, child: DraftNode): void {
  child.parent = parent;
  parent.children.push(child);
  if (parent.childByName && !parent.childByName.has(child.name)) parent.childByName.set(child.name, child);
}

export function addProperty(node: DraftNode, property: DraftProperty): void {
  node.properties.push(property);
  if (node.propertyByName && !node.propertyByName.has(property.name)) node.propertyByName.set(property.name, property);
}

/** The first child of that name, deleted or not. */
export function childNamed(node: DraftNode, name: string): DraftNode | undefined {
  node.childByName ??= firstByName(node.children);
  return node.childByName.get(name);
}

/** The first property of that name, deleted or not. */
export function propertyNamed(node: DraftNode, name: string): DraftProperty | undefined {
  node.propertyByName ??= firstByName(node.properties);
  return node.propertyByName.get(name);
}

/** Nothing below a deleted node is alive: it is not gone through again. */
export function deleteNode(node: DraftNode, notes: PropertyNotes): void {
  if (node.deleted) return;
  node.deleted = true;
  for (const child of node.children) deleteNode(child, notes);
  for (const property of node.properties) notes.delete(property);
  node.labels.delete();
}
