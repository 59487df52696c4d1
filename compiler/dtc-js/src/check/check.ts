import type { Entry, TreeIndex } from "../resolve/index-tree.ts";
import type { PhandleFormat } from "../resolve/phandles.ts";
import type { Step } from "../resolve/rebuild.ts";
import type { CheckName } from "../diagnostic.ts";
import type { Span } from "../span.ts";
import type { DeviceTree, Property } from "../tree.ts";

/** Places that dtc does not name: it points at the whole node or property. */
export interface Places {
  readonly span?: Span | undefined;
  /** Another place that has to do with it. */
  readonly other?: Span | undefined;
}

/** What a check found, in dtc's words. */
export interface Finding {
  readonly check: CheckName;
  readonly severity: "error" | "warning";
  /** Absent where the finding is about the check itself: a prerequisite failed. */
  readonly entry?: Entry;
  /** The property that it is about, and whose place it has. */
  readonly property?: Property;
  readonly places?: Places;
  readonly message: string;
}

/** What a check may ask and say. */
export interface Judge {
  readonly tree: DeviceTree;
  readonly index: TreeIndex;
  /** Where phandles are written that are given out. */
  readonly phandles: PhandleFormat;
  /** Whether each label will be a symbol. */
  readonly symbols: boolean;
  /** Something is wrong with a node, or with one of its properties. */
  fail(entry: Entry, message: string, property?: Property, places?: Places): void;
  /** The same, and no check goes on: it would take too much. */
  stop(entry: Entry, message: string, places?: Places): never;
  /** Puts another tree in the place of the one that was looked at. */
  replace(tree: DeviceTree): void;
}

/** One of dtc's named checks. */
export interface Check {
  readonly name: CheckName;
  /** What a failure is without -W and -E. */
  readonly level: "error" | "warning" | "off";
  /** Checks that must have passed before. */
  readonly needs?: readonly CheckName[];
  /** Only nodes that have this property are looked at: most checks are about one that few nodes have. */
  readonly property?: string;
  /** Begins one pass over the tree: what it gives looks at each node, parents before their children. */
  readonly start: (judge: Judge) => (entry: Entry) => void;
  /** Follows when every node was seen and none was wrong. */
  readonly finish?: (judge: Judge) => void;
  /** What is done to the tree when every node was seen, wrong ones too. */
  readonly resolves?: Step;
}

/** A check that looks at one node at a time and remembers nothing. */
export const nodeCheck = (
  name: CheckName,
  visit: (entry: Entry, judge: Judge) => void,
  options: Partial<Pick<Check, "level" | "needs" | "property">> = {},
): Check => ({
  name,
  level: options.level ?? "warning",
  ...(options.needs && { needs: options.needs }),
  ...(options.property !== undefined && { property: options.property }),
  start: (judge) => (entry) => {
    visit(entry, judge);
  },
});
