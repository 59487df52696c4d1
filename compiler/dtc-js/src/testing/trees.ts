import fc from "fast-check";
import { concat, bytes, cells, raw, strings, u64 } from "../value.ts";
import { deviceTree, node, property, reservation } from "../build.ts";
import type { DeviceTree, Node, Property, Value } from "../tree.ts";

const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
const u64Number = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const oneOf = (characters: string): fc.Arbitrary<string> => fc.constantFrom(...Array.from(characters));
const nameTail = fc.string({ unit: oneOf("abcxyz019,._+-"), maxLength: 6 });

const propertyName = fc.tuple(oneOf("abcxyz#"), nameTail).map((parts) => parts.join(""));
const nodeName = fc
  .tuple(oneOf("abcxyz"), nameTail, fc.option(u32, { nil: undefined }))
  .map(([head, tail, unit]) => `${head}${tail}${unit === undefined ? "" : `@${unit.toString(16)}`}`);

/** Values as a source can write them, and bytes that say nothing of their type. */
const piece: fc.Arbitrary<Value> = fc.oneof(
  fc.array(u32, { minLength: 1, maxLength: 5 }).map((items) => cells(...items)),
  fc.array(u64Number, { minLength: 1, maxLength: 3 }).map((items) => u64(...items)),
  fc.string({ unit: "binary-ascii", maxLength: 8 }).map((text) => strings(text.replaceAll("\0", ""))),
  fc.uint8Array({ minLength: 1, maxLength: 9 }).map((data) => bytes(data)),
);
const value: fc.Arbitrary<Value> = fc.oneof(
  fc.constant(raw(new Uint8Array(0))),
  fc.array(piece, { minLength: 1, maxLength: 3 }).map((pieces) => concat(...pieces)),
  fc.uint8Array({ maxLength: 12 }).map(raw),
);

const special = new Set(["name", "phandle", "linux,phandle", "reg"]);
const properties: fc.Arbitrary<Property[]> = fc.uniqueArray(
  fc.tuple(propertyName, value).map(([name, content]) => property(name, content)),
  { maxLength: 5, selector: ({ name }) => name },
);

const nodeOfDepth: (depth?: number) => fc.Arbitrary<Node> = fc.memo((depth) =>
  fc
    .record({
      name: nodeName,
      properties,
      children:
        depth <= 1
          ? fc.constant<Node[]>([])
          : fc.uniqueArray(nodeOfDepth(), { maxLength: 3, selector: ({ name }) => name }),
    })
    .map(({ name, ...parts }) =>
      node(name, { ...parts, properties: parts.properties.filter((each) => !special.has(each.name)) }),
    ),
);

/** Trees that dtc accepts: legal names, none twice; no property that dtc gives a meaning. */
export const anyTree: fc.Arbitrary<DeviceTree> = fc
  .record({
    root: nodeOfDepth(4),
    reservations: fc.array(
      fc.tuple(u64Number, u64Number).map(([address, size]) => reservation(address, size || 1n)),
      { maxLength: 3 },
    ),
  })
  .map(({ root, reservations }) => deviceTree({ properties: root.properties, children: root.children, reservations }));

/** The same tree with two labels on every node, the root too, and one on every property; none twice. */
export function labelled(tree: DeviceTree): DeviceTree {
  let count = 0;
  const label = (): { readonly name: string } => ({ name: `l${count++}` });
  const visit = (from: Node): Node => ({
    ...from,
    labels: [label(), label()],
    properties: from.properties.map((each) => ({ ...each, labels: [label()] })),
    children: from.children.map(visit),
  });
  return { ...tree, root: visit(tree.root) };
}

/** The labels of a tree, node by node. */
export const labelsOf = ({ labels, properties, children }: Node): unknown => [
  labels.map(({ name }) => name),
  properties.map((each) => each.labels.map(({ name }) => name)),
  children.map(labelsOf),
];

/** A tree without what only a source has: what decoding its blob must give. */
export const bare = (tree: DeviceTree): DeviceTree => ({
  ...tree,
  reservations: tree.reservations.map(({ address, size }) => reservation(address, size)),
  root: bareNode(tree.root),
});

const bareNode = (from: Node): Node =>
  node(from.name, {
    properties: from.properties.map(({ name, value: { bytes: data } }) => property(name, raw(Uint8Array.from(data)))),
    children: from.children.map(bareNode),
  });
