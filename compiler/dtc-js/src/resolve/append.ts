import type { Node } from "../tree.ts";

export const appendChild = (parent: Node, child: Node): Node => ({ ...parent, children: [...parent.children, child] });
