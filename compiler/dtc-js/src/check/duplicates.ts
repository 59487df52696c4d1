import { childPath } from "../find.ts";
import { report, type Reporter } from "../report.ts";
import type { Node } from "../tree.ts";

/** dtc's check `duplicate_node_names`. */
export function checkDuplicateChildren(node: Node, path: string, reporter: Reporter): void {
  forEachDuplicate(node.children, (child, first) => {
    const message = `${childPath(path, child.name)}: there are two nodes of this name`;
    report(reporter, "duplicate_node_names", message, child.spans?.[0], first.spans?.[0]);
  });
}

/** dtc's check `duplicate_property_names`. */
export function checkDuplicateProperties(node: Node, path: string, reporter: Reporter): void {
  forEachDuplicate(node.properties, ({ name, span }, first) => {
    const message = `${path}: there are two properties "${name}"`;
    report(reporter, "duplicate_property_names", message, span, first.span);
  });
}

function forEachDuplicate<T extends { readonly name: string }>(
  items: readonly T[],
  visit: (item: T, first: T) => void,
): void {
  if (items.length < 2) return;
  const seen = new Map<string, T>();
  for (const item of items) {
    const first = seen.get(item.name);
    if (first) visit(item, first);
    else seen.set(item.name, item);
  }
}
