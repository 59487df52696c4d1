import { expect, it } from "vitest";
import * as library from "./index.ts";
import { corpus, fromCorpus } from "./testing/files.ts";
import type { DeviceTree } from "./tree.ts";

/** Every object and array is frozen; bytes, which cannot be, are written down. */
function freeze(value: unknown, bytes: string[]): readonly string[] {
  if (value instanceof Uint8Array) bytes.push(Buffer.from(value).toString("hex"));
  else if (typeof value === "object" && value !== null) {
    Object.freeze(value);
    for (const each of Object.values(value)) freeze(each, bytes);
  }
  return bytes;
}

const { parse, readSource, encode, decode, print, walk } = library;

/** Everything that is done with trees. */
function useAll(tree: DeviceTree, other: DeviceTree): void {
  for (const references of ["names", "phandles"] as const) print(tree, { references, comments: true, annotate: 2 });
  encode(tree, { version: 2, unresolved: "keep" });
  library.encodePieces(tree, { unresolved: "keep" });
  library.resolveReferences(tree);
  library.addAliases(library.addSymbols(tree));
  if (tree.plugin) library.addFixups(tree);
  library.applyOverlay(other, tree);
  library.restoreOverlay(tree);
  library.diffTrees(tree, other, { compare: "source" });
  library.mergeTrees(tree, other);
  for (const at of Array.from(walk(tree))) {
    library.readRanges(at);
    library.translateReg(at);
    const interrupts = library.readInterrupts(at);
    for (const each of interrupts.value ?? []) library.routeInterrupt(at, each);
    for (const { name } of at.node.properties) library.readPhandles(at, name);
    library.setProperty(tree, at.path, library.property("new"));
    library.addNode(tree, at.path, library.node("new"));
    library.allocatePhandle(tree, at.path);
    for (const { name } of at.node.properties) library.removeProperty(tree, at.path, name);
    if (at.parent) library.removeNode(tree, at.path);
  }
}

it("nothing changes a tree that it is given", () => {
  const trees = corpus.flatMap((file) => {
    const read = readSource(file, { include: fromCorpus, comments: true });
    const { value } = parse(file, { include: fromCorpus });
    return [read.value ?? [], value ?? []].flat();
  });
  expect(trees.length).toBeGreaterThan(10);
  trees.forEach((tree, index) => {
    const other = trees[(index + 1) % trees.length] ?? tree;
    const [before, beside] = [freeze(tree, []), freeze(other, [])];
    useAll(tree, other);
    expect(freeze(tree, [])).toEqual(before);
    expect(freeze(other, [])).toEqual(beside);
  });
});

it("a tree stays what it is when the caller writes into his own arrays", () => {
  const { value: tree } = parse("/dts-v1/; / { a = <1 2>; };");
  if (!tree) throw new Error("there is no tree");
  const blob = encode(tree);
  const expected = blob.slice();
  const decoded = decode(blob);
  blob.fill(0xff);
  expect(encode(tree)).toEqual(expected);
  expect(decoded.value && encode(decoded.value)).toEqual(expected);

  const data = new Uint8Array([1, 2, 3, 4]);
  const value = library.bytes(data);
  const included = parse('/dts-v1/; / { a = /incbin/("x"); };', { binary: () => data });
  data.fill(9);
  expect(value.bytes).toEqual(new Uint8Array([1, 2, 3, 4]));
  expect(included.value?.root.properties[0]?.value.bytes).toEqual(new Uint8Array([1, 2, 3, 4]));
});

it("what is large is shared where the documentation says so", () => {
  const data = new Uint8Array(0x1_0000).fill(1);
  const tree = library.deviceTree({ properties: [library.property("a", library.raw(data))] });
  expect(tree.root.properties[0]?.value.bytes).toBe(data);
  expect(library.encodePieces(tree)).toContain(data);
  const blob = encode(tree);
  expect(decode(blob, { share: true }).value?.root.properties[0]?.value.bytes.buffer).toBe(blob.buffer);
});

it("what all trees and answers share cannot be written", () => {
  expect(Object.isFrozen(library.empty) && Object.isFrozen(library.empty.markers)).toBe(true);
  expect(Object.isFrozen(decode(encode(library.deviceTree())).diagnostics)).toBe(true);
});
