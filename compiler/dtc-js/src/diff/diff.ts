import { childPath } from "../find.ts";
import type { DeviceTree, Node } from "../tree.ts";
import type { Change } from "./change.ts";
import { sameLabels, sameProperty, sameReservations, type Compare } from "./same.ts";

export interface DiffOptions {
  /**
   * `blob`, the default: no change means that both make the same blob. `source`: it means that both print the same
   * text with `references: "names"`. Comments and places never count.
   */
  readonly compare?: Compare;
}

/**
 * What leads from one tree to the other: nodes before what is below them, and of each what was there before what is
 * new. A node that is added or removed is one change with all that is in it. Where a name stands more than once, as
 * only a blob can have it, the first is compared with the first.
 */
export function diffTrees(before: DeviceTree, after: DeviceTree, options: DiffOptions = {}): readonly Change[] {
  const compare = options.compare ?? "blob";
  const changes: Change[] = [];
  if (
    before.bootCpuid !== after.bootCpuid ||
    !sameReservations(before.reservations, after.reservations, compare) ||
    (compare === "source" && before.plugin !== after.plugin)
  ) {
    changes.push({ kind: "tree-changed", before, after });
  }
  diffNodes(before.root, after.root, "/", compare, changes);
  return changes;
}

function diffNodes(before: Node, after: Node, path: string, compare: Compare, changes: Change[]): void {
  // What an edit left alone is shared.
  if (before === after) return;
  const written = !sameLabels(before.labels, after.labels) || before.omitIfNoRef !== after.omitIfNoRef;
  if (compare === "source" && written) changes.push({ kind: "node-changed", path, before, after });

  const properties = pair(before.properties, after.properties);
  for (const property of properties.removed) changes.push({ kind: "property-removed", path, property });
  for (const [old, property] of properties.both) {
    if (!sameProperty(old, property, compare)) {
      changes.push({ kind: "property-changed", path, before: old, after: property });
    }
  }
  for (const property of properties.added) changes.push({ kind: "property-added", path, property });
  if (properties.moved) changes.push({ kind: "order-changed", path, of: "properties" });

  const children = pair(before.children, after.children);
  for (const node of children.removed) {
    changes.push({ kind: "node-removed", path: childPath(path, node.name), node });
  }
  for (const node of children.added) changes.push({ kind: "node-added", path: childPath(path, node.name), node });
  if (children.moved) changes.push({ kind: "order-changed", path, of: "children" });
  for (const [old, node] of children.both) diffNodes(old, node, childPath(path, node.name), compare, changes);
}

interface Pairs<T> {
  readonly removed: readonly T[];
  readonly added: readonly T[];
  /** In the order of the new list. */
  readonly both: readonly (readonly [before: T, after: T])[];
  readonly moved: boolean;
}

/** By name; the second of a name with the second. */
function pair<T extends { readonly name: string }>(before: readonly T[], after: readonly T[]): Pairs<T> {
  if (before === after) return { removed: [], added: [], both: [], moved: false };
  const waiting = new Map<string, number[]>();
  before.forEach(({ name }, index) => {
    const known = waiting.get(name);
    if (known) known.push(index);
    else waiting.set(name, [index]);
  });
  for (const indices of waiting.values()) indices.reverse();
  const used = new Set<number>();
  const added: T[] = [];
  const both: (readonly [T, T])[] = [];
  let [last, moved] = [-1, false];
  for (const item of after) {
    const index = waiting.get(item.name)?.pop();
    if (index === undefined) {
      added.push(item);
      continue;
    }
    used.add(index);
    both.push([before[index] as T, item]);
    if (index < last) moved = true;
    last = index;
  }
  return { removed: before.filter((_, index) => !used.has(index)), added, both, moved };
}
