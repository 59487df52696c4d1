import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encode } from "../blob/encode.ts";
import { deviceTree, node, property, reservation } from "../build.ts";
import { addNode, removeNode, removeProperty, setProperty } from "../edit.ts";
import { parse } from "../parse/parse.ts";
import { print } from "../print/print.ts";
import { anyTree, bare, labelled } from "../testing/trees.ts";
import type { DeviceTree, Node } from "../tree.ts";
import { bytes, cells, ref } from "../value.ts";
import type { Change } from "./change.ts";
import { diffTrees } from "./diff.ts";
import { sameBytes } from "./same.ts";

const base = deviceTree({
  properties: [property("a", cells(1)), property("b")],
  children: [node("x", { labels: ["lx"], children: [node("y")] }), node("z")],
});

const shown = (changes: readonly Change[]): string[] =>
  changes.map((each) => {
    const where = "path" in each ? each.path : "";
    const of =
      "property" in each ? each.property.name : "after" in each && "value" in each.after ? each.after.name : "";
    return [each.kind, where, "of" in each ? each.of : of].filter((part) => part !== "").join(" ");
  });

describe("diffTrees", () => {
  it("names each change once, with both sides", () => {
    let after = setProperty(base, "/", property("a", cells(2)));
    after = removeProperty(after, "/", "b");
    after = setProperty(after, "/x/y", property("n"));
    after = addNode(removeNode(after, "/z"), "/x", node("w", { children: [node("v")] }));
    const changes = diffTrees(base, after);
    expect(shown(changes)).toEqual([
      "property-removed / b",
      "property-changed / a",
      "node-removed /z",
      "node-added /x/w",
      "property-added /x/y n",
    ]);
    expect(changes[1]).toMatchObject({ before: { value: cells(1) }, after: { value: cells(2) } });
  });

  it("sees another order, and what stands beside the root", () => {
    const { root } = base;
    const turned = {
      ...base,
      root: { ...root, properties: root.properties.toReversed(), children: root.children.toReversed() },
    };
    expect(shown(diffTrees(base, turned))).toEqual(["order-changed / properties", "order-changed / children"]);
    expect(shown(diffTrees(base, { ...base, bootCpuid: 1 }))).toEqual(["tree-changed"]);
    expect(shown(diffTrees(base, { ...base, reservations: [reservation(0, 1)] }))).toEqual(["tree-changed"]);
  });

  it("looks at how a source is written when it is asked to", () => {
    const source = (tree: DeviceTree) => shown(diffTrees(base, tree, { compare: "source" }));
    const relabelled = { ...base, root: { ...base.root, children: [node("x", { children: [node("y")] }), node("z")] } };
    expect(diffTrees(base, relabelled)).toEqual([]);
    expect(source(relabelled)).toEqual(["node-changed /x"]);
    expect(source(setProperty(base, "/", property("a", bytes([0, 0, 0, 1]))))).toEqual(["property-changed / a"]);
    expect(source({ ...base, plugin: true })).toEqual(["tree-changed"]);
    const [one, other] = ["x", "y"].map((target) => setProperty(base, "/", property("r", cells(ref(target)))));
    expect(one && other && shown(diffTrees(one, other, { compare: "source" }))).toEqual(["property-changed / r"]);
    expect(one && other && diffTrees(one, other)).toEqual([]);
  });

  it("compares the second of a name with the second", () => {
    const twice = (...values: number[]) => deviceTree({ properties: values.map((each) => property("p", cells(each))) });
    expect(shown(diffTrees(twice(1, 2), twice(1, 3)))).toEqual(["property-changed / p"]);
    expect(shown(diffTrees(twice(1, 2), twice(1)))).toEqual(["property-removed / p"]);
    expect(diffTrees(twice(1, 2), twice(1, 2))).toEqual([]);
  });

  it("finds nothing exactly where the blobs are the same", () => {
    fc.assert(
      fc.property(anyTree, anyTree, fc.boolean(), (one, two, same) => {
        const other = same ? bare(one) : mixed(one, two);
        expect(diffTrees(one, other).length === 0).toBe(sameBytes(encode(one), encode(other)));
      }),
      { numRuns: 300 },
    );
  });

  it("between sources, finds nothing exactly where the texts are the same", () => {
    fc.assert(
      fc.property(anyTree, anyTree, fc.boolean(), (one, two, same) => {
        const text = print(labelled(one), { references: "names" });
        const [a, b] = [parse(text).value, parse(same ? text : print(labelled(mixed(one, two)))).value];
        if (!a || !b) throw new Error("there is no tree");
        const names = { references: "names" } as const;
        expect(diffTrees(a, b, { compare: "source" }).length === 0).toBe(print(a, names) === print(b, names));
      }),
      { numRuns: 150 },
    );
  });
});

/** The first tree with one thing of the second in it: trees that differ, but not much. */
function mixed(one: DeviceTree, two: DeviceTree): DeviceTree {
  const [from] = two.root.properties;
  const put = (into: Node, depth: number): Node => {
    const [first, ...rest] = into.children;
    if (depth > 0 && first) return { ...into, children: [put(first, depth - 1), ...rest] };
    return {
      ...into,
      properties: from ? [...into.properties.filter(({ name }) => name !== from.name), from] : into.properties.slice(1),
    };
  };
  return { ...one, root: put(one.root, two.root.children.length) };
}
