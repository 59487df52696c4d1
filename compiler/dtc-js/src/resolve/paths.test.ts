import { describe, expect, it } from "vitest";
import { deviceTree, node, property, type NodeParts } from "../build.ts";
import { MAX_PATHS } from "../limits.ts";
import type { DeviceTree } from "../tree.ts";
import { cells, path, ref } from "../value.ts";
import { addFixups } from "./fixups.ts";
import { resolveReferences } from "./resolve.ts";
import { addAliases, addSymbols } from "./symbols.ts";

const DEPTH = 16;
const LONG = "n".repeat(2 ** 16);
/** Characters of the deepest node's path. */
const LENGTH = DEPTH * (LONG.length + 1);
/** So many of these paths, each with its NUL, are too many. */
const ENOUGH = Math.ceil((MAX_PATHS + 1) / (LENGTH + 1));

/** One node deep down; `inside` is what it holds. */
function deep(inside: NodeParts): DeviceTree {
  let below = node(LONG, inside);
  for (let depth = 1; depth < DEPTH; depth++) below = node(LONG, { children: [below] });
  return deviceTree({ children: [below] });
}
const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at));
const labels = (count: number): NodeParts => ({ labels: times(count, (index) => `l${index}`) });

describe("a source of few bytes that names a deep node very often", () => {
  const referring = (count: number): DeviceTree => {
    const tree = deep({ labels: ["l"] });
    return { ...tree, root: { ...tree.root, properties: times(count, (index) => property(`p${index}`, path("l"))) } };
  };
  it("is refused where references stand for its path", () => {
    expect(resolveReferences(referring(ENOUGH - 1)).ok).toBe(true);
    const { ok, diagnostics } = resolveReferences(referring(ENOUGH + 5));
    expect(ok).toBe(false);
    expect(diagnostics.map(({ message }) => message)).toEqual([
      `/: the paths that references stand for have more than ${MAX_PATHS} bytes`,
    ]);
  });

  it.each([
    ["__symbols__", addSymbols],
    ["aliases", addAliases],
  ])("is refused where %s have it for each label", (name, add) => {
    expect(() => add(deep(labels(ENOUGH - 1)))).not.toThrow();
    expect(() => add(deep(labels(ENOUGH)))).toThrow(
      new RangeError(`the paths in ${name} have more than ${MAX_PATHS} bytes`),
    );
  });

  it("is refused where __fixups__ have it for each cell that waits", () => {
    const waiting = (count: number): DeviceTree =>
      deep({ properties: [property("p", cells(...times(count, () => ref("elsewhere"))))] });
    expect(addFixups(waiting(ENOUGH - 1)).ok).toBe(true);
    expect(addFixups(waiting(ENOUGH + 5)).diagnostics).toEqual([
      {
        code: "phandle_references",
        severity: "error",
        message: `the places in __fixups__ have more than ${MAX_PATHS} bytes`,
      },
    ]);
  });
});
