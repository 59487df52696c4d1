import type { Reference } from "../tree.ts";
import type { DraftNode } from "./draft.ts";

/** Finds nodes by what references name, while the tree still grows and shrinks. */
export class LabelIndex {
  /** Mostly one node a label; several where it was moved, or is wrongly used twice. */
  readonly #nodes = new Map<string, DraftNode | DraftNode[]>();

  add(label: string, node: DraftNode): void {
    const known = this.#nodes.get(label);
    if (!known) this.#nodes.set(label, node);
    else if (Array.isArray(known)) known.push(node);
    else if (known !== node) this.#nodes.set(label, [known, node]);
  }

  find(root: DraftNode, target: Reference): DraftNode | undefined {
    if (target.startsWith("/")) return findPath(root, target);
    const known = this.#nodes.get(target) ?? [];
    return (Array.isArray(known) ? known : [known]).find((node) => carries(node, target) && isBelow(node, root));
  }
}

const carries = (node: DraftNode, label: string): boolean =>
  node.labels.some(({ name, deleted }) => name === label && !deleted);

/** Bodies that were merged into an earlier node, and bodies that are still being read, are below no root. */
function isBelow(node: DraftNode, root: DraftNode): boolean {
  let top: DraftNode | undefined = node;
  while (top && top !== root && !top.deleted) top = top.parent;
  return top === root;
}

function findPath(root: DraftNode, path: string): DraftNode | undefined {
  let node: DraftNode | undefined = root;
  for (const name of path.split("/")) {
    if (name !== "") node = node?.children.find((child) => child.name === name && !child.deleted);
  }
  return node;
}
