import { report, type Reporter } from "../report.ts";
import type { Span } from "../span.ts";
import type { Label, Node } from "../tree.ts";

/** dtc's check `duplicate_label`: nodes, properties and places inside of values share one set of labels. */
export function labelChecker(reporter: Reporter): (node: Node, path: string) => void {
  const seen = new Map<string, { readonly what: string; readonly span: Span | undefined }>();
  const claim = ({ name, span }: Label, what: string): void => {
    const first = seen.get(name);
    if (first) {
      report(reporter, "duplicate_label", `label "${name}" is on ${what} and on ${first.what}`, span, first.span);
    } else seen.set(name, { what, span });
  };
  return (node, path) => {
    for (const label of node.labels) claim(label, path);
    for (const property of node.properties) {
      for (const label of property.labels) claim(label, `property "${property.name}" of ${path}`);
      for (const marker of property.value.markers) {
        if (marker.kind === "label") claim(marker, `the value of "${property.name}" of ${path}`);
      }
    }
  };
}
