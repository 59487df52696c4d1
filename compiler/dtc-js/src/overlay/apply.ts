import { firstByName } from "../by-name.ts";
import { property } from "../build.ts";
import type { Result } from "../diagnostic.ts";
import { getProperty, phandleOf } from "../find.ts";
import { MAX_PRINTED } from "../limits.ts";
import { readCell, readCells, readString } from "../read.ts";
import { placesIn } from "./places.ts";
import type { DeviceTree, Node, Property } from "../tree.ts";
import { cells, raw, strings } from "../value.ts";
import { putWord, wordAt } from "../words.ts";
import { Base } from "./base.ts";
import { guarded, OverlayFault, type OverlayError } from "./error.ts";
import { descend, GrowingNode } from "./growing.ts";

/**
 * The base with an overlay applied, as libfdt does it: its phandles are moved behind those of the base, its references
 * filled in, its fragments put where they belong, its symbols added.
 */
export const applyOverlay = (base: DeviceTree, overlay: DeviceTree): Result<DeviceTree, OverlayError> =>
  guarded(() => applied(base, overlay));

function applied(base: DeviceTree, overlay: DeviceTree): DeviceTree {
  const into = new Base(base);
  const fragments = fragmentsOf(into, overlay);
  const phandles = phandleMap(into, fragments);
  const adjusted = adjust(overlay.root, nodeNamed(overlay.root, "__local_fixups__"), phandles);
  const filled = fillFixups(adjusted, into, overlay);
  for (const { index, target } of fragments) {
    const body = filled.children[index] && nodeNamed(filled.children[index], "__overlay__");
    if (body) mergeInto(target, body);
  }
  addSymbols(into.root, overlay, fragments);
  const root = into.root.finish();
  return root === base.root ? base : { ...base, root };
}

const nodeNamed = (parent: Node, wanted: string): Node | undefined =>
  parent.children.find(({ name }) => name === wanted);

interface Fragment {
  /** Among the children of the overlay's root. */
  readonly index: number;
  readonly name: string;
  readonly body: Node;
  /** The node in the base that it changes, and its path as it was named. */
  readonly target: GrowingNode;
  readonly path: string;
}

function fragmentsOf(base: Base, overlay: DeviceTree): readonly Fragment[] {
  const waiting = waitingLabels(overlay);
  return overlay.root.children.flatMap((node, index) => {
    const body = nodeNamed(node, "__overlay__");
    if (!body) return [];
    const path = targetOf(base, waiting, node);
    const target = base.node(path);
    if (!target) throw new OverlayFault("FDT_ERR_NOTFOUND", `"${path}" does not exist`);
    return [{ index, name: node.name, body, target, path }];
  });
}

function targetOf(base: Base, waiting: ReadonlyMap<string, string>, fragment: Node): string {
  const target = getProperty(fragment, "target");
  if (target) {
    const label = waiting.get(`/${fragment.name}:target:0`);
    const path = label === undefined ? undefined : base.symbol(label);
    const phandle = readCell(target.value);
    const found = path ?? (phandle === undefined ? undefined : base.pathOf(phandle));
    if (found === undefined) throw new OverlayFault("FDT_ERR_NOTFOUND", `the target of "${fragment.name}" is unknown`);
    return found;
  }
  const byPath = getProperty(fragment, "target-path");
  const path = byPath && readString(byPath.value);
  if (path === undefined) throw new OverlayFault("FDT_ERR_BADOVERLAY", `"${fragment.name}" has no target`);
  return path;
}

/** The label whose phandle belongs to a place, "/path:property:offset". */
function waitingLabels(overlay: DeviceTree): ReadonlyMap<string, string> {
  const labels = new Map<string, string>();
  for (const property of nodeNamed(overlay.root, "__fixups__")?.properties ?? []) {
    for (const place of placesIn(property)) if (!labels.has(place)) labels.set(place, property.name);
  }
  return labels;
}

/** What becomes of each of the overlay's phandles: moved, or that of the base's node which it falls upon. */
function phandleMap(base: Base, fragments: readonly Fragment[]): (phandle: number) => number {
  const shared = new Map<number, number>();
  // As libfdt: a target itself takes the phandle that its fragment has.
  const pair = (over: Node, under: GrowingNode): void => {
    for (const child of over.children) {
      const same = under.exactChild(child.name);
      if (!same) continue;
      const [mine, theirs] = [phandleOf(child), same.phandle()];
      if (mine !== undefined && theirs !== undefined) shared.set(mine, theirs);
      pair(child, same);
    }
  };
  for (const { body, target } of fragments) pair(body, target);
  return (phandle) => {
    const moved = shared.get(phandle) ?? phandle + base.greatest;
    if (moved >= 0xffff_ffff) throw new OverlayFault("FDT_ERR_NOPHANDLES", "there are no phandles left");
    return moved;
  };
}

/** Writes the new phandles: where nodes have them, and where `__local_fixups__` says that cells are such. */
function adjust(node: Node, fixups: Node | undefined, phandles: (phandle: number) => number): Node {
  const offsetsOf = firstByName(fixups?.properties ?? []);
  const below = firstByName(fixups?.children ?? []);
  const properties = node.properties.map((each): Property => {
    if (each.name === "phandle" || each.name === "linux,phandle") {
      const phandle = readCell(each.value);
      if (phandle === undefined) throw new OverlayFault("FDT_ERR_BADOVERLAY", `"${node.name}" has a bad phandle`);
      return { ...each, value: cells(phandles(phandle)) };
    }
    const offsets = offsetsOf.get(each.name);
    if (!offsets) return each;
    const bytes = Uint8Array.from(each.value.bytes);
    const list = readCells(offsets.value);
    if (!list) throw new OverlayFault("FDT_ERR_BADOVERLAY", `the local fixups of "${each.name}" are no cells`);
    for (const offset of list) {
      if (offset + 4 > bytes.length)
        throw new OverlayFault("FDT_ERR_BADOVERLAY", `"${each.name}" ends before ${offset}`);
      putWord(bytes, offset, phandles(wordAt(bytes, offset)));
    }
    return { ...each, value: raw(bytes) };
  });
  return {
    ...node,
    properties,
    children: node.children.map((child) => adjust(child, below.get(child.name), phandles)),
  };
}

/** Writes the base's phandles where `__fixups__` says that they belong. */
function fillFixups(root: Node, base: Base, overlay: DeviceTree): Node {
  const filled = new GrowingNode(root, "/");
  /** What was copied already may be written into. */
  const own = new WeakSet<Uint8Array>();
  for (const property of nodeNamed(overlay.root, "__fixups__")?.properties ?? []) {
    const { name } = property;
    const path = base.symbol(name);
    const phandle = path === undefined ? undefined : base.node(path)?.phandle();
    if (phandle === undefined) throw new OverlayFault("FDT_ERR_NOTFOUND", `there is no symbol "${name}" in the base`);
    for (const place of placesIn(property)) fillPlace(filled, place, phandle, own);
  }
  return filled.finish();
}

function fillPlace(root: GrowingNode, place: string, phandle: number, own: WeakSet<Uint8Array>): void {
  const [, path = "", name = "", digits = ""] = /^(\/[^:]*):([^:]+):([0-9]+)$/.exec(place) ?? [];
  if (path === "") throw new OverlayFault("FDT_ERR_BADOVERLAY", `"${place}" is no place`);
  const node = descend(root, path);
  if (!node) throw new OverlayFault("FDT_ERR_NOTFOUND", `"${path}" does not exist`);
  const offset = Number(digits);
  const known = node.property(name);
  if (!known || offset + 4 > known.value.bytes.length) {
    throw new OverlayFault("FDT_ERR_BADOVERLAY", `there is nothing at "${place}"`);
  }
  let { bytes } = known.value;
  if (!own.has(bytes)) {
    bytes = Uint8Array.from(bytes);
    own.add(bytes);
    node.set(property(name, raw(bytes)));
  }
  putWord(bytes, offset, phandle);
}

function mergeInto(target: GrowingNode, body: Node): void {
  for (const each of body.properties) target.set({ ...each, value: raw(each.value.bytes) });
  for (const child of body.children) mergeInto(target.exactChild(child.name) ?? target.add(child.name), child);
}

/** The overlay's labels, at the places that their nodes have now. */
function addSymbols(root: GrowingNode, overlay: DeviceTree, fragments: readonly Fragment[]): void {
  const symbols = nodeNamed(overlay.root, "__symbols__");
  if (!symbols || symbols.properties.length === 0) return;
  const node = root.exactChild("__symbols__") ?? root.add("__symbols__");
  const byName = firstByName(fragments);
  // Few bytes of an overlay can name many deep places.
  let room = MAX_PRINTED;
  for (const { name, value } of symbols.properties) {
    const path = movedPath(readString(value), byName);
    if (path === undefined) continue;
    room -= path.length;
    if (room < 0) throw new OverlayFault("FDT_ERR_NOSPACE", `the symbols have more than ${MAX_PRINTED} bytes`);
    node.set(property(name, strings(path)));
  }
}

/** "/fragment@0/__overlay__/node" -> "/target/node", "/fragment@0/__overlay__" -> "/target/", as libfdt writes it. */
function movedPath(path: string | undefined, fragments: ReadonlyMap<string, Fragment>): string | undefined {
  const [, name = "", below = "/"] = /^\/([^/]+)\/__overlay__(\/.*)?$/.exec(path ?? "") ?? [];
  const fragment = fragments.get(name);
  if (!fragment) return undefined;
  return fragment.path === "/" ? below : `${fragment.path}${below}`;
}
