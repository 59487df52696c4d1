import type { Reference } from "../tree.ts";
import { childNamed, type DraftNode } from "./draft.ts";

/** Finds nodes by what references name, while the tree still grows and shrinks. */
export class LabelIndex {
  /** Mostly one node a label; several where it was moved, or is wrongly used twice. */
  readonly #nodes = new Map<string, DraftNode | Set<DraftNode>>();

  add(label: string, node: DraftNode): void {
    const known = this.#nodes.get(label);
    if (!known) this.#nodes.set(label, node);
    else if (known instanceof Set) known.add(node);
    else if (known !== node) this.#nodes.set(label, new Set([known, node]));
  }

  /** `later` was merged into `earlier`, and is gone. */
  replace(label: string, later: DraftNode, earlier: DraftNode): void {
    const known = this.#nodes.get(label);
    if (known === later) this.#nodes.delete(label);
    else if (known instanceof Set) known.delete(later);
    this.add(label, earlier);
  }

  find(root: DraftNode, target: Reference): DraftNode | undefined {
    const slash = target.indexOf("/");
    if (slash === 0) return findPath(root, target);
    if (slash > 0) {
      const from = this.find(root, target.slice(0, slash));
      return from && findPath(from, target.slice(slash));
    }
    const known = this.#nodes.get(target);
    if (!(known instanceof Set)) return known?.labels.carries(target) && isBelow(known, root) ? known : undefined;
    for (const node of known) {
      // A label that was deleted is added again when it comes back.
      if (!node.labels.carries(target)) known.delete(node);
      else if (isBelow(node, root)) return node;
    }
    return undefined;
  }
}

/** Bodies that were merged into an earlier node, and bodies that are still being read, are below no root. */
function isBelow(node: DraftNode, root: DraftNode): boolean {
  let top: DraftNode | undefined = node;
  while (top && top !== root && !top.deleted) top = top.parent;
  return top === root;
}

/** Slashes may be doubled in front of a name, and one may stand at the end. */
function findPath(from: DraftNode, path: string): DraftNode | undefined {
  let node: DraftNode | undefined = path.endsWith("//") ? undefined : from;
  for (const name of path.split("/")) {
    if (name !== "") node = node && liveChild(node, name);
  }
  return node;
}

/** The first of that name that is not deleted; mostly the first of that name. */
function liveChild(node: DraftNode, name: string): DraftNode | undefined {
  const first = childNamed(node, name);
  return first?.deleted ? node.children.find((child) => child.name === name && !child.deleted) : first;
}
