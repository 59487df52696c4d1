import { indexTree, type Entry, type TreeIndex } from "../resolve/index-tree.ts";
import { phandleProperties, type PhandleFormat } from "../resolve/phandles.ts";
import { rebuild, type Step } from "../resolve/rebuild.ts";
import type { DeviceTree, Property } from "../tree.ts";
import type { Check, Finding, Judge, Places } from "./check.ts";
import type { Levels } from "./levels.ts";

export interface CheckOptions {
  readonly checks: readonly Check[];
  /** A check that is missing here has its own level. */
  readonly levels?: Levels;
  readonly phandles?: PhandleFormat;
  /** With symbols (dtc's -@), nodes with a label are used, whatever refers to them. */
  readonly symbols?: boolean;
  /** Go on behind a check that refused the tree; dtc does not. */
  readonly keepGoing?: boolean;
  /** Findings at most: the checks end there. A hostile tree has very many. */
  readonly most?: number;
}

export interface Checked {
  /** With references filled in, as far as the checks got. */
  readonly tree: DeviceTree;
  readonly findings: readonly Finding[];
  /** Whether a finding is an error. */
  readonly refused: boolean;
}

/** There are as many findings as are wanted, or a check cannot go on. */
class Enough extends Error {}

/** Runs checks in their order, each once, those that it needs before it. */
export function runChecks(tree: DeviceTree, options: CheckOptions): Checked {
  const run = new CheckRun(tree, options);
  const refused = runAll(run, options);
  run.resolve();
  return { tree: run.tree, findings: run.findings, refused };
}

/** Whether the tree is refused. */
function runAll(run: CheckRun, { checks, keepGoing = false }: CheckOptions): boolean {
  let refused = false;
  for (const check of checks) {
    if (refused && !keepGoing) break;
    const { warning, error } = run.levelOf(check);
    try {
      if (warning || error) refused = run.run(check) || refused;
    } catch (fault) {
      if (!(fault instanceof Enough)) throw fault;
      return refused || run.findings.some(isError);
    }
  }
  return refused;
}

const isError = ({ severity }: Finding): boolean => severity === "error";

interface Subject {
  readonly entry?: Entry;
  readonly property?: Property | undefined;
  readonly places?: Places | undefined;
}

type Status = "running" | "passed" | "failed";

class CheckRun implements Judge {
  tree: DeviceTree;
  #index: TreeIndex | undefined;
  readonly phandles: PhandleFormat;
  readonly symbols: boolean;
  readonly findings: Finding[] = [];
  readonly #options: CheckOptions;
  readonly #byName: ReadonlyMap<string, Check>;
  readonly #status = new Map<Check, Status>();
  /** What is still to be done to the tree. */
  readonly #steps = new Set<Step>();
  #current: Check | undefined;

  constructor(tree: DeviceTree, options: CheckOptions) {
    this.tree = tree;
    this.phandles = options.phandles ?? "epapr";
    this.symbols = options.symbols ?? false;
    this.#options = options;
    this.#byName = new Map(options.checks.map((check) => [check.name as string, check]));
  }

  levelOf({ name, level }: Check): { readonly warning: boolean; readonly error: boolean } {
    return this.#options.levels?.get(name) ?? { warning: level === "warning", error: level === "error" };
  }

  /** Whether the tree is refused: by this check, or by one that it needs. */
  run(check: Check): boolean {
    const known = this.#status.get(check);
    if (known) return known === "failed" && this.levelOf(check).error;
    this.#status.set(check, "running");
    let refused = false;
    const failed: string[] = [];
    for (const name of check.needs ?? []) {
      const needed = this.#byName.get(name);
      if (!needed) continue;
      refused = refused || this.run(needed);
      if (this.#status.get(needed) === "passed") continue;
      failed.push(name);
      this.#report(check, `Failed prerequisite '${name}'`);
    }
    if (failed.length === 0) this.#look(check);
    else this.#status.set(check, "failed");
    return refused || (this.#status.get(check) === "failed" && this.levelOf(check).error);
  }

  fail(entry: Entry, message: string, property?: Property, places?: Places): void {
    const check = this.#current;
    if (!check) return;
    this.#status.set(check, "failed");
    this.#report(check, message, { entry, property, places });
  }

  stop(entry: Entry, message: string, places?: Places): never {
    this.fail(entry, message, undefined, places);
    throw new Enough();
  }

  /** Made when a check wants it: mostly none does after those that resolve references. */
  get index(): TreeIndex {
    return (this.#index ??= indexTree(this.tree));
  }

  replace(tree: DeviceTree): void {
    this.tree = tree;
    this.#index = undefined;
  }

  /** Does what the checks have found out how to do, in one go. */
  resolve(): void {
    if (this.#steps.size === 0) return;
    const root = rebuild(this.index, phandleProperties[this.phandles], this.#steps);
    this.#steps.clear();
    if (root !== this.tree.root) this.replace({ ...this.tree, root });
  }

  #look(check: Check): void {
    if (!check.resolves) this.resolve();
    this.#current = check;
    const visit = check.start(this);
    const { property } = check;
    for (const entry of property === undefined ? this.index.entries : this.index.having(property)) visit(entry);
    if (check.resolves) this.#steps.add(check.resolves);
    if (this.#status.get(check) === "failed") return;
    check.finish?.(this);
    this.#status.set(check, "passed");
  }

  #report(check: Check, message: string, { entry, property, places }: Subject = {}): void {
    const { warning, error } = this.levelOf(check);
    if (!warning && !error) return;
    if (this.findings.length >= (this.#options.most ?? Infinity)) throw new Enough();
    this.findings.push({
      check: check.name,
      severity: error ? "error" : "warning",
      message,
      ...(entry && { entry }),
      ...(property && { property }),
      ...(places && { places }),
    });
  }
}
