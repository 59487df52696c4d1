import type { Span } from "../span.ts";
import type { Label, Value } from "../tree.ts";

/**
 * The tree while it is being read. As in dtc, what is deleted stays in its list: a later definition of the same name
 * takes its place again, and thereby its position.
 */
export interface DraftNode {
  readonly name: string;
  labels: DraftLabel[];
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

export interface DraftLabel extends Label {
  deleted: boolean;
}

export interface DraftProperty {
  readonly name: string;
  labels: DraftLabel[];
  value: Value;
  deleted: boolean;
  span: Span;
}

export const draftNode = (name: string): DraftNode => ({
  name,
  labels: [],
  properties: [],
  children: [],
  parent: undefined,
  deleted: false,
  omitIfNoRef: false,
  spans: [],
});

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

function firstByName<T extends { readonly name: string }>(items: readonly T[]): Map<string, T> {
  const map = new Map<string, T>();
  for (const item of items) if (!map.has(item.name)) map.set(item.name, item);
  return map;
}

/** New labels go to the front, as in dtc; one that was deleted comes back where it was. */
export function addLabel(labels: DraftLabel[], label: Label): void {
  const known = labels.find(({ name }) => name === label.name);
  if (known) known.deleted = false;
  else labels.unshift({ ...label, deleted: false });
}

export function deleteNode(node: DraftNode): void {
  node.deleted = true;
  node.children.forEach(deleteNode);
  node.properties.forEach(deleteProperty);
  for (const label of node.labels) label.deleted = true;
}

export function deleteProperty(property: DraftProperty): void {
  property.deleted = true;
  for (const label of property.labels) label.deleted = true;
}
