import { describe, expect, it } from "vitest";
import { decode } from "./blob/decode.ts";
import { encode } from "./blob/encode.ts";
import { deviceTree, node, property } from "./build.ts";
import { runChecks } from "./check/run.ts";
import { checks } from "./check/table.ts";
import { readPhandles } from "./access/phandles.ts";
import { translateReg } from "./access/translate.ts";
import { diffTrees } from "./diff/diff.ts";
import { walk } from "./find.ts";
import { mergeTrees } from "./merge.ts";
import { applyOverlay } from "./overlay/apply.ts";
import { parse, readSource } from "./parse/parse.ts";
import { print } from "./print/print.ts";
import { resolveReferences } from "./resolve/resolve.ts";
import type { DeviceTree, Node } from "./tree.ts";
import { updateSource } from "./update/update.ts";
import { cells, concat, ref, strings } from "./value.ts";
import { processorTime } from "./testing/work.ts";

/** Half of the nodes lie side by side, half in groups; every node has a name of its own and refers to another. */
function treeOf(count: number): DeviceTree {
  const leaf = (index: number) =>
    node(`node@${index.toString(16)}`, {
      labels: [`l${index}`],
      properties: [property(`x-${index % 1000}`, concat(strings("x"), cells(ref(`l${(index * 7) % count}`), index)))],
    });
  const flat = Array.from({ length: count / 2 }, (_, index) => leaf(index));
  const groups = Array.from({ length: count / 20 }, (_, group) =>
    node(`group${group}`, { children: Array.from({ length: 10 }, (__, each) => leaf(count / 2 + group * 10 + each)) }),
  );
  return deviceTree({ children: [...flat, ...groups] });
}

const small = 1_000;

const microseconds = (run: () => unknown): number => processorTime(run, 2);

/**
 * The k of time ~ size^k. The small size is measured as thirty trees whose results are kept: they fill caches and
 * heap as the one large tree does, so that k says what the code does, not what the memory costs.
 */
function exponent(prepare: (size: number) => () => unknown, large = 30_000): number {
  const count = large / small;
  const many = Array.from({ length: count }, () => prepare(small));
  const one = prepare(large);
  for (const warm of many.slice(0, count / 5)) warm();
  const each = microseconds(() => many.map((run) => run())) / count;
  return Math.log(microseconds(one) / each) / Math.log(large / small);
}

const must = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error("there is no value");
  return value;
};
const resolved = (size: number): DeviceTree => must(resolveReferences(treeOf(size)).value);

/** What else the machine does can spoil one measurement; what grows faster is found by each. */
const often = { timeout: 120_000, retry: 2 };

describe("from a thousand to thirty thousand nodes, time grows less than with size^1.3:", often, () => {
  it.each<[string, (size: number) => () => unknown]>([
    [
      "resolveReferences",
      (size) =>
        (
          (tree) => () =>
            resolveReferences(tree)
        )(treeOf(size)),
    ],
    [
      "all checks",
      (size) =>
        (
          (tree) => () =>
            runChecks(tree, { checks, keepGoing: true })
        )(resolved(size)),
    ],
    [
      "encode",
      (size) =>
        (
          (tree) => () =>
            encode(tree)
        )(resolved(size)),
    ],
    [
      "decode",
      (size) =>
        (
          (blob) => () =>
            decode(blob)
        )(encode(resolved(size))),
    ],
    [
      "print",
      (size) =>
        (
          (tree) => () =>
            print(tree)
        )(resolved(size)),
    ],
    [
      "parse",
      (size) =>
        (
          (text) => () =>
            must(parse(text).value)
        )(print(treeOf(size))),
    ],
    [
      "parse, merging",
      (size) =>
        (
          (text) => () =>
            must(parse(text).value)
        )(mergingSource(size)),
    ],
  ])("%s", (_, prepare) => {
    expect(exponent(prepare)).toBeLessThan(1.3);
  });
});

/** Every node is opened twice more: by label, and by name. */
function mergingSource(size: number): string {
  const names = Array.from({ length: size }, (_, index) => index);
  const first = names.map((index) => `l${index}: n${index} { a; };`);
  const again = names.map((index) => `n${index} { b; };`);
  const byLabel = names.map((index) => `&l${index} { c; };`);
  return `/dts-v1/; / { ${first.join("\n")} }; / { ${again.join("\n")} }; ${byLabel.join("\n")}`;
}

describe("from a thousand to ten thousand nodes, time grows less than with size^1.3:", often, () => {
  it.each<[string, (size: number) => () => unknown]>([
    [
      "applyOverlay",
      (size) => {
        const { base, overlay } = overlayOf(size);
        return () => applyOverlay(base, overlay);
      },
    ],
    [
      "diffTrees, where each property is another",
      (size) => {
        const [before, after] = [treeOf(size), changed(treeOf(size))];
        return () => diffTrees(before, after);
      },
    ],
    [
      "mergeTrees",
      (size) => {
        const tree = treeOf(size);
        return () => mergeTrees(tree, tree);
      },
    ],
    [
      "readPhandles and translateReg, of each node",
      (size) => {
        const tree = busOf(size);
        return () => Array.from(walk(tree), (at) => [readPhandles(at, "clocks", 0), translateReg(at)]);
      },
    ],
    [
      "keeping and printing comments",
      (size) => {
        const text = print(treeOf(size)).replaceAll("{", "{ /* one */").replaceAll(";", "; // two");
        return () => print(must(readSource(text, { comments: true }).value), { comments: true });
      },
    ],
    [
      "updateSource, of each property",
      (size) => {
        const text = print(treeOf(size), { references: "names" });
        return () => must(updateSource(text, changed).value);
      },
    ],
  ])("%s", (_, prepare) => {
    expect(exponent(prepare, 10_000)).toBeLessThan(1.3);
  });
});

/** Each value is another. */
const changed = (tree: DeviceTree): DeviceTree => {
  const visit = (from: Node): Node => ({
    ...from,
    properties: from.properties.map((each) => ({ ...each, value: cells(7) })),
    children: from.children.map(visit),
  });
  return { ...tree, root: visit(tree.root) };
};

/** A fragment, a fixup and a symbol for each node of a wide base. */
function overlayOf(size: number): { readonly base: DeviceTree; readonly overlay: DeviceTree } {
  const every = Array.from({ length: size }, (_, index) => index);
  const base = deviceTree({
    children: [
      ...every.map((index) => node(`n${index}`, { properties: [property("phandle", cells(index + 1))] })),
      node("__symbols__", { properties: every.map((index) => property(`l${index}`, strings(`/n${index}`))) }),
    ],
  });
  const body = node("__overlay__", { properties: [property("p", cells(0))], children: [node("x")] });
  const overlay = deviceTree({
    children: [
      ...every.map((index) =>
        node(`fragment@${index}`, { properties: [property("target", cells(0))], children: [body] }),
      ),
      node("__fixups__", {
        properties: every.map((index) =>
          property(`l${index}`, strings(`/fragment@${index}:target:0`, `/fragment@${index}/__overlay__:p:0`)),
        ),
      }),
      node("__symbols__", {
        properties: every.map((index) => property(`m${index}`, strings(`/fragment@${index}/__overlay__/x`))),
      }),
    ],
  });
  return { base, overlay };
}

/** Devices on one bus, each with the phandle of another. */
const busOf = (size: number): DeviceTree =>
  deviceTree({
    children: [
      node("bus", {
        properties: [property("#address-cells", cells(1)), property("ranges", cells(0, 0, 0, 0x7fff_ffff))],
        children: Array.from({ length: size }, (_, index) =>
          node(`n@${index.toString(16)}`, {
            properties: [
              property("reg", cells(index, 1)),
              property("phandle", cells(index + 1)),
              property("clocks", cells(((index * 7) % size) + 1)),
            ],
          }),
        ),
      }),
    ],
  });
