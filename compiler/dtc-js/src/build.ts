import type { DeviceTree, Label, Node, Property, Reservation, Value } from "./tree.ts";
import { empty } from "./value.ts";

const labelled = (names: readonly string[] = []): readonly Label[] => names.map((name) => ({ name }));

/** `label: name = value;`; without a value, `name;`. */
export const property = (name: string, value: Value = empty, labels?: readonly string[]): Property => ({
  name,
  labels: labelled(labels),
  value,
});

export interface NodeParts {
  readonly labels?: readonly string[];
  readonly properties?: readonly Property[];
  readonly children?: readonly Node[];
}

/** `label: name { … };` */
export const node = (name: string, parts: NodeParts = {}): Node => ({
  name,
  labels: labelled(parts.labels),
  properties: parts.properties ?? [],
  children: parts.children ?? [],
});

/** `/memreserve/ address size;` */
export const reservation = (address: number | bigint, size: number | bigint): Reservation => ({
  labels: [],
  address: BigInt(address),
  size: BigInt(size),
});

export interface TreeParts extends NodeParts {
  readonly reservations?: readonly Reservation[];
  readonly bootCpuid?: number;
}

/** A whole tree: the parts of its root, and what stands beside it. */
export const deviceTree = (parts: TreeParts = {}): DeviceTree => ({
  reservations: parts.reservations ?? [],
  bootCpuid: parts.bootCpuid ?? 0,
  root: node("", parts),
});
