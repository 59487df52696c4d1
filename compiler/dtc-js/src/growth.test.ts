import { describe, expect, it } from "vitest";
import { decode } from "./blob/decode.ts";
import { encode } from "./blob/encode.ts";
import { deviceTree, node, property } from "./build.ts";
import { runChecks } from "./check/run.ts";
import { checks } from "./check/table.ts";
import { parse } from "./parse/parse.ts";
import { print } from "./print/print.ts";
import { resolveReferences } from "./resolve/resolve.ts";
import type { DeviceTree } from "./tree.ts";
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
const large = 100_000;

const microseconds = (run: () => unknown): number => processorTime(run, 2);

/**
 * The k of time ~ size^k. The small size is measured as a hundred trees whose results are kept: they fill caches and
 * heap as the one large tree does, so that k says what the code does, not what the memory costs.
 */
function exponent(prepare: (size: number) => () => unknown): number {
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

describe(
  "from a thousand to a hundred thousand nodes, time grows less than with size^1.3:",
  { timeout: 120_000 },
  () => {
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
  },
);

/** Every node is opened twice more: by label, and by name. */
function mergingSource(size: number): string {
  const names = Array.from({ length: size }, (_, index) => index);
  const first = names.map((index) => `l${index}: n${index} { a; };`);
  const again = names.map((index) => `n${index} { b; };`);
  const byLabel = names.map((index) => `&l${index} { c; };`);
  return `/dts-v1/; / { ${first.join("\n")} }; / { ${again.join("\n")} }; ${byLabel.join("\n")}`;
}
