import { readString } from "../read.ts";
import type { DeviceTree, Node } from "../tree.ts";
import { isUnresolved } from "../unresolved.ts";
import { printReference } from "./literal.ts";

export interface Fragment {
  readonly node: Node;
  readonly body: Node;
  /** "&label" or "&{/path}" */
  readonly reference: string;
}

/** The first children of an overlay's root that `&label { … };` stands for: those that reading numbers the same way. */
export function fragmentsOf(tree: DeviceTree): readonly Fragment[] {
  const fragments: Fragment[] = [];
  if (!tree.plugin) return fragments;
  for (const node of tree.root.children) {
    const fragment = node.name === `fragment@${fragments.length}` ? fragmentOf(node) : undefined;
    if (!fragment) break;
    fragments.push(fragment);
  }
  return fragments;
}

function fragmentOf(node: Node): Fragment | undefined {
  const [[target, ...more], [body, ...others]] = [node.properties, node.children];
  if (!target || !body || body.name !== "__overlay__" || more.length + others.length > 0) return undefined;
  if (node.labels.length + body.labels.length + target.labels.length > 0) return undefined;
  const reference =
    target.name === "target" ? labelOf(target.value) : target.name === "target-path" ? pathOf(target.value) : undefined;
  return reference === undefined ? undefined : { node, body, reference: printReference(reference) };
}

/** Only of a node that the overlay does not have itself: a reference to that adds to it. */
function labelOf({ bytes, markers }: Node["properties"][number]["value"]): string | undefined {
  const references = markers.filter(({ kind }) => kind !== "type");
  const [marker] = references;
  if (bytes.length !== 4 || references.length !== 1 || marker?.kind !== "phandle") return undefined;
  return isUnresolved(bytes, marker) && !marker.target.includes("/") ? marker.target : undefined;
}

function pathOf(value: Node["properties"][number]["value"]): string | undefined {
  const path = readString(value);
  return path !== undefined && /^\/[a-zA-Z0-9,._+*#?@/-]*$/.test(path) ? path : undefined;
}
