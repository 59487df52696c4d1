import { property } from "../build.ts";
import { findByPhandle, findNode, getProperty, phandleOf, walk } from "../find.ts";
import { readCell, readCells, readString, readStrings } from "../read.ts";
import type { DeviceTree, Node, Property } from "../tree.ts";
import { cells, raw, strings } from "../value.ts";
import { putWord, wordAt } from "../words.ts";
import { OverlayError } from "./error.ts";

/**
 * The base with an overlay applied, as libfdt does it: its phandles are moved behind those of the base, its references
 * filled in, its fragments put where they belong, its symbols added. Throws an `OverlayError`; then nothing happened.
 */
export function applyOverlay(base: DeviceTree, overlay: DeviceTree): DeviceTree {
  const fragments = fragmentsOf(base, overlay);
  const phandles = phandleMap(base, overlay, fragments);
  let root = adjust(overlay.root, localFixups(overlay), phandles);
  root = fillFixups(root, base, overlay);
  let changed = base;
  for (const { index, path } of fragments) {
    const body = root.children[index]?.children.find(({ name }) => name === "__overlay__");
    if (body) changed = updatePath(changed, path, (target) => mergeInto(target, body));
  }
  return addSymbols(changed, overlay, fragments);
}

interface Fragment {
  /** Among the children of the overlay's root. */
  readonly index: number;
  readonly name: string;
  /** Of the node in the base that it changes. */
  readonly path: string;
}

function fragmentsOf(base: DeviceTree, overlay: DeviceTree): readonly Fragment[] {
  return overlay.root.children.flatMap((node, index) => {
    if (!node.children.some(({ name }) => name === "__overlay__")) return [];
    return [{ index, name: node.name, path: targetOf(base, overlay, node) }];
  });
}

function targetOf(base: DeviceTree, overlay: DeviceTree, fragment: Node): string {
  const target = getProperty(fragment, "target");
  if (target) {
    const label = waitingLabel(overlay, `/${fragment.name}:target:0`);
    const path = label === undefined ? undefined : symbolPath(base, label);
    const phandle = readCell(target.value);
    const found = path ?? (phandle === undefined ? undefined : findByPhandle(base, phandle)?.path);
    if (found === undefined) throw new OverlayError("FDT_ERR_NOTFOUND", `the target of "${fragment.name}" is unknown`);
    return found;
  }
  const byPath = getProperty(fragment, "target-path");
  const path = byPath && readString(byPath.value);
  if (path === undefined) throw new OverlayError("FDT_ERR_BADOVERLAY", `"${fragment.name}" has no target`);
  if (!findNode(base, path)) throw new OverlayError("FDT_ERR_NOTFOUND", `"${path}" does not exist`);
  return path;
}

/** The label whose phandle belongs to a place, "/path:property:offset". */
function waitingLabel(overlay: DeviceTree, place: string): string | undefined {
  const fixups = overlay.root.children.find(({ name }) => name === "__fixups__");
  return fixups?.properties.find(({ value }) => readStrings(value)?.includes(place))?.name;
}

function symbolPath(base: DeviceTree, label: string): string | undefined {
  const symbols = base.root.children.find(({ name }) => name === "__symbols__");
  const symbol = symbols && getProperty(symbols, label);
  return symbol && readString(symbol.value);
}

/** What becomes of each of the overlay's phandles: moved, or that of the base's node which it falls upon. */
function phandleMap(
  base: DeviceTree,
  overlay: DeviceTree,
  fragments: readonly Fragment[],
): (phandle: number) => number {
  let most = 0;
  for (const { node } of walk(base)) most = Math.max(most, phandleOf(node) ?? 0);
  const shared = new Map<number, number>();
  // As libfdt: a target itself takes the phandle that its fragment has.
  const pair = (over: Node, under: Node): void => {
    for (const child of over.children) {
      const same = under.children.find(({ name }) => name === child.name);
      if (!same) continue;
      const [mine, theirs] = [phandleOf(child), phandleOf(same)];
      if (mine !== undefined && theirs !== undefined) shared.set(mine, theirs);
      pair(child, same);
    }
  };
  for (const { index, path } of fragments) {
    const body = overlay.root.children[index]?.children.find(({ name }) => name === "__overlay__");
    const target = findNode(base, path);
    if (body && target) pair(body, target);
  }
  return (phandle) => {
    const moved = shared.get(phandle) ?? phandle + most;
    if (moved >= 0xffff_ffff) throw new OverlayError("FDT_ERR_NOPHANDLES", "there are no phandles left");
    return moved;
  };
}

const localFixups = (overlay: DeviceTree): Node | undefined =>
  overlay.root.children.find(({ name }) => name === "__local_fixups__");

/** Writes the new phandles: where nodes have them, and where `__local_fixups__` says that cells are such. */
function adjust(node: Node, fixups: Node | undefined, phandles: (phandle: number) => number): Node {
  const properties = node.properties.map((each): Property => {
    if (each.name === "phandle" || each.name === "linux,phandle") {
      const phandle = readCell(each.value);
      if (phandle === undefined) throw new OverlayError("FDT_ERR_BADOVERLAY", `"${node.name}" has a bad phandle`);
      return { ...each, value: cells(phandles(phandle)) };
    }
    const offsets = fixups && getProperty(fixups, each.name);
    if (!offsets) return each;
    const bytes = Uint8Array.from(each.value.bytes);
    const list = readCells(offsets.value);
    if (!list) throw new OverlayError("FDT_ERR_BADOVERLAY", `the local fixups of "${each.name}" are no cells`);
    for (const offset of list) {
      if (offset + 4 > bytes.length)
        throw new OverlayError("FDT_ERR_BADOVERLAY", `"${each.name}" ends before ${offset}`);
      putWord(bytes, offset, phandles(wordAt(bytes, offset)));
    }
    return { ...each, value: raw(bytes) };
  });
  const children = node.children.map((child) => {
    return adjust(
      child,
      fixups?.children.find(({ name }) => name === child.name),
      phandles,
    );
  });
  return { ...node, properties, children };
}

/** Writes the base's phandles where `__fixups__` says that they belong. */
function fillFixups(root: Node, base: DeviceTree, overlay: DeviceTree): Node {
  const fixups = overlay.root.children.find(({ name }) => name === "__fixups__");
  let filled: DeviceTree = { ...overlay, root };
  for (const { name, value } of fixups?.properties ?? []) {
    const places = readStrings(value) ?? [];
    const path = symbolPath(base, name);
    const phandle = path === undefined ? undefined : nodePhandle(base, path);
    if (phandle === undefined) throw new OverlayError("FDT_ERR_NOTFOUND", `there is no symbol "${name}" in the base`);
    for (const place of places) filled = fillPlace(filled, place, phandle);
  }
  return filled.root;
}

function nodePhandle(base: DeviceTree, path: string): number | undefined {
  const node = findNode(base, path);
  return node && phandleOf(node);
}

function fillPlace(tree: DeviceTree, place: string, phandle: number): DeviceTree {
  const [, path = "", name = "", digits = ""] = /^(\/[^:]*):([^:]+):([0-9]+)$/.exec(place) ?? [];
  if (path === "") throw new OverlayError("FDT_ERR_BADOVERLAY", `"${place}" is no place`);
  const offset = Number(digits);
  return updatePath(tree, path, (node) => {
    const known = getProperty(node, name);
    if (!known || offset + 4 > known.value.bytes.length) {
      throw new OverlayError("FDT_ERR_BADOVERLAY", `there is nothing at "${place}"`);
    }
    const bytes = Uint8Array.from(known.value.bytes);
    putWord(bytes, offset, phandle);
    return setFirst(node, property(name, raw(bytes)));
  });
}

function updatePath(tree: DeviceTree, path: string, change: (node: Node) => Node): DeviceTree {
  const names = path.split("/").filter((name) => name !== "");
  const visit = (node: Node, depth: number): Node => {
    const name = names[depth];
    if (name === undefined) return change(node);
    const exact = node.children.findIndex((child) => child.name === name);
    const index = exact >= 0 ? exact : node.children.findIndex((child) => child.name.startsWith(`${name}@`));
    const child = node.children[index];
    if (!child) throw new OverlayError("FDT_ERR_NOTFOUND", `"${path}" does not exist`);
    return { ...node, children: node.children.with(index, visit(child, depth + 1)) };
  };
  return { ...tree, root: visit(tree.root, 0) };
}

/** As libfdt: what is new stands before everything that was there. */
function setFirst(node: Node, set: Property): Node {
  const index = node.properties.findIndex(({ name }) => name === set.name);
  return { ...node, properties: index < 0 ? [set, ...node.properties] : node.properties.with(index, set) };
}

function mergeInto(target: Node, body: Node): Node {
  let merged = body.properties.reduce(
    (node, each) => setFirst(node, { ...each, value: raw(each.value.bytes) }),
    target,
  );
  for (const child of body.children) {
    const index = merged.children.findIndex(({ name }) => name === child.name);
    const known = merged.children[index];
    const made = mergeInto(known ?? { name: child.name, labels: [], properties: [], children: [] }, child);
    merged = { ...merged, children: known ? merged.children.with(index, made) : [made, ...merged.children] };
  }
  return merged;
}

/** The overlay's labels, at the places that their nodes have now. */
function addSymbols(tree: DeviceTree, overlay: DeviceTree, fragments: readonly Fragment[]): DeviceTree {
  const symbols = overlay.root.children.find(({ name }) => name === "__symbols__");
  if (!symbols || symbols.properties.length === 0) return tree;
  const exists = tree.root.children.some(({ name }) => name === "__symbols__");
  const empty: Node = { name: "__symbols__", labels: [], properties: [], children: [] };
  const ready = exists ? tree : { ...tree, root: { ...tree.root, children: [empty, ...tree.root.children] } };
  return updatePath(ready, "/__symbols__", (node) =>
    symbols.properties.reduce((changed, { name, value }) => {
      const path = movedPath(readString(value), fragments);
      return path === undefined ? changed : setFirst(changed, property(name, strings(path)));
    }, node),
  );
}

/** "/fragment@0/__overlay__/node" -> "/target/node", "/fragment@0/__overlay__" -> "/target/", as libfdt writes it. */
function movedPath(path: string | undefined, fragments: readonly Fragment[]): string | undefined {
  const [, name, below = "/"] = /^\/([^/]+)\/__overlay__(\/.*)?$/.exec(path ?? "") ?? [];
  const fragment = fragments.find((each) => each.name === name);
  if (!fragment) return undefined;
  return fragment.path === "/" ? below : `${fragment.path}${below}`;
}
