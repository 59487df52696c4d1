import { sameBytes } from "../base/same-bytes.ts";
import { formatSize, MiB } from "../base/units.ts";
import { diagnose } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Artifact } from "../ir/artifact.ts";
import type { PlacedSystem } from "../ir/placed.ts";
import type { TargetPlan } from "../ir/plan.ts";

/** A system that is in the FIT of another one, as a further configuration. */
export interface OtherSystem {
  /** Of its configuration in the FIT. */
  readonly name: string;
  readonly plan: TargetPlan;
  readonly systemTree: Uint8Array;
  /** What its own build writes but for images, below a folder of its name. */
  readonly artifacts: readonly Artifact[];
}

/** Several systems in one FIT, the default one first. */
export interface Together {
  /** Of the default one's configuration in the FIT. */
  readonly name: string;
  readonly others: readonly OtherSystem[];
}

/** What a node of a device tree may be called (Devicetree Specification 0.4, 2.2.1), without what shells read. */
const configurationName = /^[A-Za-z][\w.+-]{0,30}$/;

/** Names of configurations that cannot stand beside each other in a FIT. */
export const wrongNames = (names: readonly string[]): readonly Diagnostic[] => [
  ...names.filter((name) => !configurationName.test(name)).map((name) => diagnose("XI6043", { name })),
  ...[...new Set(names.filter((name, index) => names.indexOf(name) !== index))].map((name) =>
    diagnose("XI6044", { name }),
  ),
];

/** A script tries them one after the other, on the one board that the disk is in. */
export function otherBoards(first: PlacedSystem, { name, others }: Together): readonly Diagnostic[] {
  const same = ({ resolved: { board } }: PlacedSystem): boolean =>
    sameBytes(board.profile.deviceTree, first.resolved.board.profile.deviceTree);
  return others
    .filter(({ plan }) => !same(plan.placed))
    .map((other) => diagnose("XI6045", { first: name, other: other.name }));
}

/** What U-Boot reads as a FIT whose files are inside of the device tree. */
const largest = MiB(256);

/** Each system may fit, and all of them together not. */
export function tooLarge(files: readonly Uint8Array[]): readonly Diagnostic[] {
  const total = files.reduce((sum, { length }) => sum + length, 0);
  return total + files.length * 1024 > largest
    ? [diagnose("XI6002", { size: formatSize(total), most: formatSize(largest) })]
    : [];
}
