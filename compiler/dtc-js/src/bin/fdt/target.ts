import { encode } from "../../blob/encode.ts";
import { Field } from "../../blob/format.ts";
import { node, property } from "../../build.ts";
import { removeNode, removeProperty, updateNode } from "../../edit.ts";
import { findChild, findNode, getProperty } from "../../find.ts";
import type { DeviceTree, Node } from "../../tree.ts";
import { raw } from "../../value.ts";
import { failAt as fail, type BlobFile } from "./blob-file.ts";
import { fullPath } from "./full-path.ts";

/** As the original says it: an empty name is shown as a blank. */
function failAt(what: string, code: string): never {
  return fail(what === "" ? " " : what, code);
}

/** The first version that libfdt changes. */
const CHANGEABLE = 17;

/**
 * A blob that `fdtput` changes, as libfdt does: what is new stands in front of what was there, names are added to the
 * strings block in their order. What cannot be done ends the command.
 */
export class Target {
  readonly #names: readonly string[];
  readonly #version: number;
  /** Undefined when even the root is removed. */
  #tree: DeviceTree | undefined;
  readonly #before: DeviceTree;

  constructor({ tree, names, version }: BlobFile) {
    this.#tree = tree;
    this.#before = tree;
    this.#names = names;
    this.#version = version;
  }

  /** A blob of an old version stays as it is. */
  get changeable(): boolean {
    return this.#version >= CHANGEABLE;
  }

  encoded(): Uint8Array {
    if (this.#tree) return encode(this.#tree, { names: this.#names });
    return withoutRoot(encode({ ...this.#before, root: node("") }, { names: this.#names }));
  }

  /** Makes a node, where there is none and its parent exists. A name behind the last "/" may be empty. */
  create(path: string): void {
    const slash = path.lastIndexOf("/");
    const parent = slash < 0 ? undefined : this.#find(slash === 0 ? "/" : path.slice(0, slash), path);
    if (parent === undefined) return failAt(path, "FDT_ERR_BADPATH");
    const name = path.slice(slash + 1);
    const tree = this.#change(name);
    const above = findNode(tree, parent);
    if (above && findChild(above, name)) failAt(name, "FDT_ERR_EXISTS");
    this.#tree = withChild(tree, parent, name);
  }

  /** Makes what is missing on the way from the root, whether or not the path begins with "/". */
  createAll(path: string): void {
    const names = path.replace(/^\/+/, "").split("/");
    if (names.length === 1 && names[0] === "") return;
    this.#tree = updateNode(this.#whole(names[0] ?? ""), "/", (root) => this.#withAll(root, names));
  }

  #withAll(above: Node, names: readonly string[]): Node {
    const [name, ...rest] = names;
    if (name === undefined) return above;
    const found = findChild(above, name);
    if (found) {
      const changed = this.#withAll(found, rest);
      const known = above.children.indexOf(found);
      return changed === found ? above : { ...above, children: above.children.with(known, changed) };
    }
    this.#change(name);
    return { ...above, children: [this.#withAll(node(name), rest), ...above.children] };
  }

  /** Removes a node with what is below; of the root, nothing is left. */
  remove(path: string): void {
    const full = this.#find(path, path);
    const tree = this.#change(path);
    this.#tree = /^\/+$/.test(full) ? undefined : removeNode(tree, full);
  }

  removeProperty(path: string, name: string): void {
    const full = this.#find(path, path);
    const tree = this.#change(path);
    const target = findNode(tree, full);
    if (!target || !getProperty(target, name)) failAt(path, "FDT_ERR_NOTFOUND");
    this.#tree = removeProperty(tree, full, name);
  }

  write(path: string, name: string, bytes: Uint8Array): void {
    const full = this.#find(path, path);
    const made = property(name, raw(bytes));
    this.#tree = updateNode(this.#change(name), full, (target) => {
      const known = target.properties.findIndex((each) => each.name === name);
      const properties = known < 0 ? [made, ...target.properties] : target.properties.with(known, made);
      return { ...target, properties };
    });
  }

  /** The tree, if there is one: where nothing is left, libfdt finds no place for `what`. */
  #whole(what: string): DeviceTree {
    return this.#tree ?? failAt(what, "FDT_ERR_BADOFFSET");
  }

  /** The tree, which is about to be changed. */
  #change(what: string): DeviceTree {
    if (!this.changeable) failAt(what, "FDT_ERR_BADVERSION");
    return this.#whole(what);
  }

  /** The full path of a node, which must exist. */
  #find(path: string, given: string): string {
    const tree = this.#whole(given);
    const full = fullPath(tree, path);
    if (full === undefined) return failAt(given, "FDT_ERR_BADPATH");
    if (!findNode(tree, full)) failAt(given, "FDT_ERR_NOTFOUND");
    return full;
  }
}

const withChild = (tree: DeviceTree, path: string, name: string): DeviceTree =>
  updateNode(tree, path, (above) => ({ ...above, children: [node(name), ...above.children] }));

/** Takes the tokens of the root out of a blob in which it is all there is: what is left of a tree that libfdt emptied. */
function withoutRoot(blob: Uint8Array): Uint8Array {
  const view = new DataView(blob.buffer, blob.byteOffset, blob.length);
  const start = view.getUint32(Field.offDtStruct);
  const strings = view.getUint32(Field.offDtStrings);
  const end = strings - 4;
  const cut = new Uint8Array(blob.length - (end - start));
  cut.set(blob.subarray(0, start));
  cut.set(blob.subarray(end), start);
  const changed = new DataView(cut.buffer);
  changed.setUint32(Field.totalsize, cut.length);
  changed.setUint32(Field.offDtStrings, start + 4);
  changed.setUint32(Field.sizeDtStruct, 4);
  return cut;
}
