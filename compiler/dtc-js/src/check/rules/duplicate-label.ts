import type { Entry } from "../../resolve/index-tree.ts";
import type { Span } from "../../span.ts";
import type { Label } from "../../tree.ts";
import type { Check } from "../check.ts";

/** Nodes, properties and places inside of values share one set of labels. */
export const duplicateLabel: Check = {
  name: "duplicate_label",
  level: "error",
  start: (judge) => {
    const owners = new Map<
      string,
      { readonly what: string; readonly owner: object; readonly span: Span | undefined }
    >();
    const claim = (entry: Entry, { name, span }: Label, what: string, owner: object): void => {
      const first = owners.get(name);
      if (!first) owners.set(name, { what, owner, span });
      else if (first.owner !== owner) {
        judge.fail(entry, `Duplicate label '${name}' on ${what} and ${first.what}`, undefined, {
          span,
          other: first.span,
        });
      }
    };
    return (entry) => {
      const { node, path } = entry;
      for (const label of node.labels) claim(entry, label, path, node);
      for (const property of node.properties) {
        for (const label of property.labels) claim(entry, label, `'${property.name}' in ${path}`, property);
        for (const marker of property.value.markers) {
          if (marker.kind === "label") claim(entry, marker, `value of '${property.name}' in ${path}`, marker);
        }
      }
    };
  },
};
