import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deviceTree, node, property } from "./build.ts";
import { addNode, allocatePhandle, removeNode, removeProperty, setProperty, updateNode } from "./edit.ts";
import { findByLabel, findByPhandle, findNode, getProperty, phandleOf, walk } from "./find.ts";
import { anyTree } from "./testing/trees.ts";
import type { DeviceTree } from "./tree.ts";
import { cells, strings } from "./value.ts";

const tree = deviceTree({
  properties: [property("model", strings("m"))],
  children: [
    node("cpus", { children: [node("cpu@0"), node("cpu@1", { labels: ["cpu1"] })] }),
    node("gic@8000000", { labels: ["gic"], properties: [property("phandle", cells(1))] }),
    node("gic", { properties: [property("linux,phandle", cells(3))] }),
  ],
});
const paths = (of: DeviceTree): string[] => Array.from(walk(of), ({ path }) => path);

describe("finding", () => {
  it("walks each node before its children, in order", () => {
    expect(paths(tree)).toEqual(["/", "/cpus", "/cpus/cpu@0", "/cpus/cpu@1", "/gic@8000000", "/gic"]);
  });

  it("finds by path, by label and by phandle", () => {
    expect(findNode(tree, "/")).toBe(tree.root);
    expect(findNode(tree, "/cpus/cpu@1")?.name).toBe("cpu@1");
    expect(findByLabel(tree, "cpu1")?.path).toBe("/cpus/cpu@1");
    expect(findByLabel(tree, "cpu1")?.parent?.path).toBe("/cpus");
    expect(findByPhandle(tree, 1)?.path).toBe("/gic@8000000");
    expect(findByPhandle(tree, 3)?.path).toBe("/gic");
  });

  it("finds nothing where there is nothing", () => {
    expect(findNode(tree, "/cpus/cpu@2")).toBeUndefined();
    expect(findNode(tree, "/nope/cpu@0")).toBeUndefined();
    expect(findNode(tree, "cpus")).toBeUndefined();
    expect(findByLabel(tree, "nope")).toBeUndefined();
    expect(findByPhandle(tree, 2)).toBeUndefined();
  });

  it("lets a path leave out the unit address, but prefers the exact name", () => {
    expect(findNode(tree, "/cpus/cpu")?.name).toBe("cpu@0");
    expect(findNode(tree, "/gic")?.name).toBe("gic");
  });
});

describe("editing", () => {
  it("replaces a property in its place and appends a new one", () => {
    const once = setProperty(tree, "/", property("compatible", strings("x")));
    const twice = setProperty(once, "/", property("model", strings("other")));
    expect(twice.root.properties.map(({ name }) => name)).toEqual(["model", "compatible"]);
    expect(getProperty(twice.root, "model")?.value).toEqual(strings("other"));
    expect(tree.root.properties).toHaveLength(1);
  });

  it("adds and removes nodes", () => {
    const added = addNode(tree, "/cpus", node("cpu@2"));
    expect(paths(added)).toContain("/cpus/cpu@2");
    expect(paths(removeNode(added, "/cpus/cpu@2"))).toEqual(paths(tree));
    expect(paths(removeNode(tree, "/cpus"))).toEqual(["/", "/gic@8000000", "/gic"]);
  });

  it("replaces a node of the same name in its place", () => {
    const replaced = addNode(tree, "/", node("gic@8000000"));
    expect(paths(replaced)).toEqual(paths(tree));
    expect(findByLabel(replaced, "gic")).toBeUndefined();
  });

  it("shares everything beside the changed path", () => {
    const changed = setProperty(tree, "/cpus/cpu@1", property("x"));
    expect(findNode(changed, "/gic")).toBe(findNode(tree, "/gic"));
    expect(findNode(changed, "/cpus/cpu@0")).toBe(findNode(tree, "/cpus/cpu@0"));
  });

  it("refuses a place that does not exist", () => {
    expect(() => setProperty(tree, "/nope", property("x"))).toThrow("no node /nope");
    expect(() => removeNode(tree, "/nope")).toThrow("/nope");
    expect(() => removeNode(tree, "/")).toThrow("/");
    expect(() => allocatePhandle(tree, "/nope")).toThrow("/nope");
  });

  it("gives the lowest free phandle, once", () => {
    const first = allocatePhandle(tree, "/cpus/cpu@0");
    const second = allocatePhandle(first.tree, "/cpus/cpu@1");
    expect([first.phandle, second.phandle]).toEqual([2, 4]);
    expect(allocatePhandle(second.tree, "/cpus/cpu@0")).toEqual({ tree: second.tree, phandle: 2 });
    expect(allocatePhandle(tree, "/gic").phandle).toBe(3);
  });

  it("removes exactly what it had set, wherever", () => {
    fc.assert(
      fc.property(anyTree, fc.nat(), (any, pick) => {
        const all = paths(any);
        const path = all[pick % all.length] ?? "/";
        const set = setProperty(any, path, property("phandle", cells(9)));
        const at = findNode(set, path);
        expect(at && phandleOf(at)).toBe(9);
        expect(removeProperty(set, path, "phandle")).toEqual(any);
      }),
    );
  });

  it("changes exactly the node of the path", () => {
    fc.assert(
      fc.property(anyTree, fc.nat(), (any, pick) => {
        const all = paths(any);
        const path = all[pick % all.length] ?? "/";
        const before = findNode(any, path);
        let seen: unknown;
        const same = updateNode(any, path, (at) => {
          seen = at;
          return at;
        });
        expect(seen).toBe(before);
        expect(same).toEqual(any);
      }),
    );
  });
});
