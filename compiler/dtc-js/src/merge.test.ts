import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deviceTree, node, property } from "./build.ts";
import { diffTrees } from "./diff/diff.ts";
import { mergeTrees } from "./merge.ts";
import { readSource } from "./parse/parse.ts";
import { print } from "./print/print.ts";
import { anyTree, labelled } from "./testing/trees.ts";
import type { DeviceTree } from "./tree.ts";
import { cells } from "./value.ts";

function read(text: string): DeviceTree {
  const { value, diagnostics } = readSource(text);
  if (!value) throw new Error(diagnostics[0].message);
  return value;
}

describe("mergeTrees", () => {
  it("gives what a source gives that says one after the other", () => {
    fc.assert(
      fc.property(anyTree, anyTree, fc.boolean(), (one, two, same) => {
        // The same tree again, with other labels, overlaps everywhere.
        const texts = [one, same ? one : two].map((tree) => print(labelled({ ...tree, reservations: [] })));
        const [first = "", second = ""] = texts.map((text) => text.replace("/dts-v1/;", ""));
        const other = second.replaceAll(/\bl([0-9]+):/g, "m$1:");
        const merged = mergeTrees(read(`/dts-v1/;${first}`), read(`/dts-v1/;${other}`));
        expect(diffTrees(merged, read(`/dts-v1/;${first}${other}`), { compare: "source" })).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it("takes the boot CPU from the merged tree, unless the first tree has another", () => {
    const cpus = (reg: number) =>
      deviceTree({
        children: [node("cpus", { children: [node("cpu", { properties: [property("reg", cells(reg))] })] })],
      });
    expect(mergeTrees(deviceTree(), cpus(3)).bootCpuid).toBe(3);
    expect(mergeTrees({ ...cpus(1), bootCpuid: 7 }, cpus(3)).bootCpuid).toBe(7);
  });
});
