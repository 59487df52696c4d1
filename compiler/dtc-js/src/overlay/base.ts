import { phandleOf, walk } from "../find.ts";
import { readString } from "../read.ts";
import type { DeviceTree } from "../tree.ts";
import { descend, GrowingNode } from "./growing.ts";

/** The tree that an overlay changes: what the overlay asks of it is looked up once, however often it asks. */
export class Base {
  readonly root: GrowingNode;
  /** The greatest phandle of all; 0 without any. */
  readonly greatest: number;
  readonly #byPhandle = new Map<number, string>();
  readonly #symbols = new Map<string, string | undefined>();
  readonly #nodes = new Map<string, GrowingNode | undefined>();

  constructor(tree: DeviceTree) {
    this.root = new GrowingNode(tree.root, "/");
    let greatest = 0;
    for (const { path, node } of walk(tree)) {
      const phandle = phandleOf(node);
      if (phandle === undefined) continue;
      greatest = Math.max(greatest, phandle);
      if (!this.#byPhandle.has(phandle)) this.#byPhandle.set(phandle, path);
    }
    this.greatest = greatest;
    const symbols = tree.root.children.find(({ name }) => name === "__symbols__");
    for (const { name, value } of symbols?.properties ?? []) {
      if (!this.#symbols.has(name)) this.#symbols.set(name, readString(value));
    }
  }

  symbol(label: string): string | undefined {
    return this.#symbols.get(label);
  }

  pathOf(phandle: number): string | undefined {
    return this.#byPhandle.get(phandle);
  }

  /** By full path; a unit address may be left out. */
  node(path: string): GrowingNode | undefined {
    if (!path.startsWith("/")) return undefined;
    const known = this.#nodes.get(path);
    if (known) return known;
    const node = descend(this.root, path);
    this.#nodes.set(path, node);
    return node;
  }
}
