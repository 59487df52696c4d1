import { childPath } from "../find.ts";
import { report, type Reporter } from "../report.ts";
import type { Span } from "../span.ts";
import type { Node } from "../tree.ts";

/** dtc's check `duplicate_node_names`. */
export function checkDuplicateChildren(node: Node, path: string, reporter: Reporter): void {
  const seen = new Map<string, Node>();
  for (const child of node.children) {
    const first = seen.get(child.name);
    if (first) {
      const message = `${childPath(path, child.name)}: there are two nodes of this name`;
      report(reporter, "duplicate_node_names", message, child.spans?.[0], first.spans?.[0]);
    } else seen.set(child.name, child);
  }
}

/** dtc's check `duplicate_property_names`. */
export function checkDuplicateProperties(node: Node, path: string, reporter: Reporter): void {
  const seen = new Map<string, Span | undefined>();
  for (const { name, span } of node.properties) {
    if (seen.has(name)) {
      const message = `${path}: there are two properties "${name}"`;
      report(reporter, "duplicate_property_names", message, span, seen.get(name));
    } else seen.set(name, span);
  }
}
