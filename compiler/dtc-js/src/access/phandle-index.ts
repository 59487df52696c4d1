import { phandleOf, walk, type Located } from "../find.ts";
import type { Node } from "../tree.ts";

/** Trees never change: who has which phandle is found out once for each. */
const indexOf = new WeakMap<Node, ReadonlyMap<number, Located>>();

/** The first node of the same tree that gives itself this phandle. */
export function ownerOf(at: Located, phandle: number): Located | undefined {
  let top = at;
  while (top.parent) top = top.parent;
  let index = indexOf.get(top.node);
  if (!index) indexOf.set(top.node, (index = indexPhandles(top.node)));
  return index.get(phandle);
}

function indexPhandles(root: Node): ReadonlyMap<number, Located> {
  const owners = new Map<number, Located>();
  for (const here of walk({ reservations: [], bootCpuid: 0, root })) {
    const own = phandleOf(here.node);
    if (own !== undefined && !owners.has(own)) owners.set(own, here);
  }
  return owners;
}
