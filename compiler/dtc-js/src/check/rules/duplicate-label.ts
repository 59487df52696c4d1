import type { Entry } from "../../resolve/index-tree.ts";
import type { Label } from "../../tree.ts";
import type { Check, Judge } from "../check.ts";

/** Whose a label is that several carry, as dtc sees it: a node's before a property's before a value's, then the first's. */
const kinds = ["node", "property", "value"] as const;

/** A label where it stands. */
interface Use {
  readonly entry: Entry;
  readonly kind: (typeof kinds)[number];
  /** The node, the property, or the marker in a value. */
  readonly carrier: object;
  readonly label: Label;
  /** For a message. */
  readonly what: () => string;
}

/** Nodes, properties and places inside of values share one set of labels. */
export const duplicateLabel: Check = {
  name: "duplicate_label",
  level: "error",
  start: (judge) => {
    const seen = new Set<string>();
    const isNew = ({ name }: Label): boolean => seen.size < seen.add(name).size;
    // Of most trees, nothing more need be remembered; of others, who is told depends on what stands behind.
    if (!judge.index.entries.every((entry) => eachLabel(entry, isNew))) tellAll(judge);
    return () => undefined;
  },
};

/** Whether it holds for each label of a node, its properties and their values; ends where it does not. */
function eachLabel({ node }: Entry, holds: (label: Label) => boolean): boolean {
  return (
    node.labels.every(holds) &&
    node.properties.every(
      ({ labels, value }) =>
        labels.every(holds) && value.markers.every((marker) => marker.kind !== "label" || holds(marker)),
    )
  );
}

function tellAll(judge: Judge): void {
  const uses: Use[] = [];
  for (const entry of judge.index.entries) collect(entry, uses);
  const owners = ownersOf(uses);
  for (const { entry, carrier, label, what } of uses) {
    const owner = owners.get(label.name);
    if (!owner || owner.carrier === carrier) continue;
    const places = { span: label.span, other: owner.label.span };
    judge.fail(entry, `Duplicate label '${label.name}' on ${what()} and ${owner.what()}`, undefined, places);
  }
}

function collect(entry: Entry, uses: Use[]): void {
  const { node } = entry;
  for (const label of node.labels) uses.push({ entry, kind: "node", carrier: node, label, what: () => entry.path });
  for (const property of node.properties) {
    for (const label of property.labels) {
      const what = (): string => `'${property.name}' in ${entry.path}`;
      uses.push({ entry, kind: "property", carrier: property, label, what });
    }
    for (const marker of property.value.markers) {
      if (marker.kind !== "label") continue;
      const what = (): string => `value of '${property.name}' in ${entry.path}`;
      uses.push({ entry, kind: "value", carrier: marker, label: marker, what });
    }
  }
}

function ownersOf(uses: readonly Use[]): ReadonlyMap<string, Use> {
  const owners = new Map<string, Use>();
  for (const kind of kinds) {
    for (const use of uses) if (use.kind === kind && !owners.has(use.label.name)) owners.set(use.label.name, use);
  }
  return owners;
}
