import { describe, expect, it } from "vitest";
import { deviceTree, node, property } from "../build.ts";
import { findNode, getProperty } from "../find.ts";
import { readCells, readString } from "../read.ts";
import type { DeviceTree, Node } from "../tree.ts";
import { bytes, cells, concat, raw, strings } from "../value.ts";
import { applyOverlay } from "./apply.ts";

const base = deviceTree({
  children: [
    node("a", { properties: [property("phandle", cells(5)), property("old", cells(1))], children: [node("x")] }),
    node("__symbols__", { properties: [property("a", strings("/a")), property("gone", strings("/gone"))] }),
  ],
});
const fragment = (index: number, target: string, body: Node): Node =>
  node(`fragment@${index}`, {
    properties: [property("target-path", strings(target))],
    children: [{ ...body, name: "__overlay__" }],
  });
const notes = (name: string, ...places: [string, ...string[]][]): Node =>
  node(name, { properties: places.map(([label, ...at]) => property(label, strings(...at))) });

function result(to: DeviceTree, overlay: DeviceTree): DeviceTree {
  const applied = applyOverlay(to, overlay);
  if (!applied.ok) throw new Error(applied.diagnostics[0].message);
  return applied.value;
}

/** The code of what is refused. */
function refusal(overlay: DeviceTree, to = base): string {
  const applied = applyOverlay(to, overlay);
  return applied.ok ? "none" : applied.diagnostics[0].code;
}

/** A tree so deep that each level has one child. */
const deep = (levels: number, inner: Node): Node => {
  let outer = inner;
  for (let level = 1; level < levels; level++) outer = node("n", { children: [outer] });
  return outer;
};

describe("applyOverlay", () => {
  it("puts what is new in front, and shares what it leaves alone", () => {
    const body = node("", {
      properties: [property("new"), property("newer"), property("old", cells(2))],
      children: [node("y"), node("z"), node("x", { properties: [property("p")] })],
    });
    const applied = result(base, deviceTree({ children: [fragment(0, "/a", body)] }));
    const a = findNode(applied, "/a");
    expect(a?.properties.map(({ name }) => name)).toEqual(["newer", "new", "phandle", "old"]);
    expect(a?.children.map(({ name }) => name)).toEqual(["z", "y", "x"]);
    expect(applied.root.children[1]).toBe(base.root.children[1]);
    expect(result(base, deviceTree())).toBe(base);
  });

  it("fills several places of one property, and moves phandles behind the base's", () => {
    const body = node("", {
      properties: [property("p", raw(new Uint8Array(8))), property("q", cells(1))],
      children: [node("own", { properties: [property("phandle", cells(1))] })],
    });
    const overlay = deviceTree({
      children: [
        fragment(0, "/a", body),
        notes("__fixups__", ["a", "/fragment@0/__overlay__:p:0", "/fragment@0/__overlay__:p:4"]),
        node("__local_fixups__", {
          children: [
            node("fragment@0", { children: [node("__overlay__", { properties: [property("q", cells(0))] })] }),
          ],
        }),
      ],
    });
    const a = findNode(result(base, overlay), "/a");
    const list = (name: string) => a && readCells(getProperty(a, name)?.value ?? raw(new Uint8Array(1)));
    expect(list("p")).toEqual([5, 5]);
    expect(list("q")).toEqual([6]);
    expect(overlay.root.children[0]?.children[0]?.properties[0]?.value.bytes).toEqual(new Uint8Array(8));
  });

  it("refuses, by code, what is no overlay of this base", () => {
    const body = node("", { properties: [property("p", cells(1))] });
    const withNotes = (place: string, label = "a") =>
      deviceTree({ children: [fragment(0, "/a", body), notes("__fixups__", [label, place])] });
    expect(refusal(deviceTree({ children: [fragment(0, "/none", body)] }))).toBe("FDT_ERR_NOTFOUND");
    expect(refusal(deviceTree({ children: [fragment(0, "a", body)] }))).toBe("FDT_ERR_NOTFOUND");
    expect(refusal(deviceTree({ children: [node("f", { children: [node("__overlay__")] })] }))).toBe(
      "FDT_ERR_BADOVERLAY",
    );
    expect(refusal(withNotes("/fragment@0/__overlay__:p:1"))).toBe("FDT_ERR_BADOVERLAY");
    expect(refusal(withNotes("/fragment@0/__overlay__:q:0"))).toBe("FDT_ERR_BADOVERLAY");
    expect(refusal(withNotes("no place"))).toBe("FDT_ERR_BADOVERLAY");
    expect(refusal(withNotes("/fragment@0/none:p:0"))).toBe("FDT_ERR_NOTFOUND");
    expect(refusal(withNotes("/fragment@0/__overlay__:p:0", "gone"))).toBe("FDT_ERR_NOTFOUND");
    expect(refusal(withNotes("/fragment@0/__overlay__:p:99999999999999999999"))).toBe("FDT_ERR_BADOVERLAY");
    const local = (offsets: Node["properties"][number]) =>
      deviceTree({
        children: [
          fragment(0, "/a", body),
          node("__local_fixups__", {
            children: [node("fragment@0", { children: [node("__overlay__", { properties: [offsets] })] })],
          }),
        ],
      });
    expect(refusal(local(property("p", cells(4))))).toBe("FDT_ERR_BADOVERLAY");
    expect(refusal(local(property("p", concat(cells(0), bytes([1])))))).toBe("FDT_ERR_BADOVERLAY");
    const full = deviceTree({ properties: [property("phandle", cells(0xffff_fffe))] });
    const own = node("", { children: [node("x", { properties: [property("phandle", cells(1))] })] });
    expect(refusal(deviceTree({ children: [fragment(0, "/", own)] }), full)).toBe("FDT_ERR_NOPHANDLES");
  });

  it("puts a tree of the greatest depth into one", () => {
    const bottom = deviceTree({ children: [deep(1000, node("end"))] });
    const path = `${"/n".repeat(999)}/end`;
    const applied = result(
      bottom,
      deviceTree({ children: [fragment(0, path, node("", { children: [deep(1000, node("end"))] }))] }),
    );
    expect(findNode(applied, path + path)?.name).toBe("end");
  });

  it("bounds the bytes of symbols, which few bytes of an overlay can make many", () => {
    const path = `/${"n".repeat(200)}`.repeat(1000);
    let inner = node("n".repeat(200));
    for (let level = 1; level < 1000; level++) inner = node("n".repeat(200), { children: [inner] });
    const symbols = Array.from({ length: 1000 }, (_, index): [string, string] => [
      `l${index}`,
      "/fragment@0/__overlay__/x",
    ]);
    const overlay = deviceTree({
      children: [fragment(0, path, node("", { children: [node("x")] })), notes("__symbols__", ...symbols)],
    });
    expect(refusal(overlay, deviceTree({ children: [inner] }))).toBe("FDT_ERR_NOSPACE");
    const few = deviceTree({
      children: [overlay.root.children[0] ?? node("none"), notes("__symbols__", ...symbols.slice(0, 3))],
    });
    const made = findNode(result(deviceTree({ children: [inner] }), few), "/__symbols__");
    expect(made && readString(made.properties[0]?.value ?? raw(new Uint8Array(0)))).toBe(`${path}/x`);
  });
});
