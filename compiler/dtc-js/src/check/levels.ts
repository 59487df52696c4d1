import type { Check } from "./check.ts";
import { checks } from "./table.ts";

/** Whether a check warns, refuses, or is not run. */
export interface Level {
  warning: boolean;
  error: boolean;
}

/** What -W and -E say of each check, by its name. */
export type Levels = ReadonlyMap<string, Level>;

export const defaultLevels = (): Map<string, Level> =>
  new Map(checks.map(({ name, level }) => [name, { warning: level === "warning", error: level === "error" }]));

/**
 * Those that refuse alone: where warnings are not told, a check that can do no more need not run. It may have to bring
 * in one that resolves references, where that is turned off.
 */
export function withoutWarnings(levels: Levels): Levels {
  const resolved = checks.every(({ name, resolves }) => !resolves || levels.get(name)?.error);
  return resolved ? new Map([...levels].map(([name, { error }]) => [name, { warning: false, error }])) : levels;
}

/**
 * One argument of -W ("warning") or -E ("error"): the name of a check, "no-" in front turns it off. What a check
 * needs is turned on with it; what needs it is turned off with it. False where there is no such check.
 */
export function setLevel(levels: ReadonlyMap<string, Level>, kind: "warning" | "error", argument: string): boolean {
  const off = /^no[-_]/.test(argument);
  const name = off ? argument.slice(3) : argument;
  const check = checks.find((each) => each.name === name);
  if (!check) return false;
  if (off) turnOff(levels, kind, check);
  else turnOn(levels, kind, check);
  return true;
}

function turnOn(levels: ReadonlyMap<string, Level>, kind: "warning" | "error", check: Check): void {
  const level = levels.get(check.name);
  if (!level) return;
  // What another check needs is not raised: it only must run.
  for (const need of check.needs ?? []) {
    const needed = checks.find(({ name }) => name === need);
    if (needed) turnOn(levels, kind, needed);
  }
  level[kind] = true;
}

function turnOff(levels: ReadonlyMap<string, Level>, kind: "warning" | "error", check: Check): void {
  const level = levels.get(check.name);
  if (!level) return;
  level[kind] = false;
  for (const each of checks) if (each.needs?.includes(check.name)) turnOff(levels, kind, each);
}
