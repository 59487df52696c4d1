import { printable } from "../base/printable.ts";
import { diagnose } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";

/** A PV link whose frontend knows the device by a number. */
export interface Numbered {
  /** Of the link in `pv`. */
  readonly index: number;
  readonly backend: string;
  readonly frontend: string;
  /** What is written of it besides; by this, links of the same ends are told apart. */
  readonly text: string;
  /** The number that is written. */
  readonly number?: number | undefined;
}

/** Devices of one kind, which are numbered from 0 in each frontend. */
export interface Devices {
  /** "interface" */
  readonly what: string;
  /** A number as people know it: 1, "xvdb". */
  readonly show: (number: number) => string;
}

export interface LinkNumbers {
  /** By the links' indices. */
  readonly numbers: ReadonlyMap<number, number>;
  /** For the lock file: those that nobody wrote. */
  readonly kept: ReadonlyMap<string, number>;
  readonly diagnostics: readonly Diagnostic[];
}

/** One link of the lock file. */
interface Entry {
  readonly key: string;
  readonly text: string;
  /** Which of those that are written alike. */
  readonly count: number;
  readonly number: number;
}

/**
 * A number for each link that has none: the one of last time, else the lowest that is free in its frontend, in the order of
 * the text. What the user wrote comes first, whatever the lock file says.
 */
export function numberLinks(
  links: readonly Numbered[],
  locked: ReadonlyMap<string, number>,
  { what, show }: Devices,
): LinkNumbers {
  const open = links.filter(({ number }) => number === undefined);
  const { last, gone } = recall(links, locked);
  const used = new Map<string, Set<number>>(links.map(({ frontend }) => [frontend, new Set()]));
  const chosen = new Map<Numbered, number>();
  const take = (link: Numbered, number: number | undefined): void => {
    const taken = used.get(link.frontend);
    if (number === undefined || chosen.has(link) || taken?.has(number)) return;
    taken?.add(number);
    chosen.set(link, number);
  };
  for (const link of links) take(link, link.number);
  for (const link of open) take(link, last.get(link)?.number);
  // Where the search of a frontend goes on: what is below is taken.
  const next = new Map<string, number>();
  for (const link of open) {
    let number = next.get(link.frontend) ?? 0;
    while (!chosen.has(link)) take(link, number++);
    next.set(link.frontend, number);
  }
  const numberOf = (link: Numbered): number => chosen.get(link) ?? link.number ?? 0;
  const moves = open.flatMap((link) => {
    const [before, now] = [last.get(link), numberOf(link)];
    if (before === undefined || before.number === now) return [];
    const params = { what: `${what} ${printable(before.key)}`, from: show(before.number), to: show(now) };
    return [diagnose("XI5101", params, { primary: { path: ["pv", link.index] } })];
  });
  const left = gone.map((key) =>
    diagnose("XI5102", { what: `${what} ${printable(key)}` }, { primary: { path: ["pv"], at: "key" } }),
  );
  return {
    numbers: new Map(links.map((link) => [link.index, numberOf(link)])),
    kept: new Map(keysOf(open).map(([key, link]) => [key, numberOf(link)])),
    diagnostics: [...moves, ...left],
  };
}

const endsOf = ({ backend, frontend }: Numbered): string => `${backend}>${frontend}`;

/** "io>app#2 br0": a link has no name, but its ends, its number among those that are written alike, and what is written. */
function keysOf(links: readonly Numbered[]): readonly (readonly [string, Numbered])[] {
  const counts = new Map<string, number>();
  return links.map((link) => {
    const plain = `${endsOf(link)} ${link.text}`;
    const count = (counts.get(plain) ?? 0) + 1;
    counts.set(plain, count);
    const text = link.text === "" ? "" : ` ${link.text}`;
    return [`${endsOf(link)}${count === 1 ? "" : `#${count}`}${text}`, link];
  });
}
const keyShape = /^([^ #>]+>[^ #>]+)(?:#(\d+))?(?: (.*))?$/s;

/**
 * Which link of the lock file each link is, among those between the same ends. Where as many as before are written so, they
 * are those; the others have been written anew, or have come: in the order of the text they take what is left. Who writes
 * down what the lock file says of a link means that link.
 */
function recall(
  links: readonly Numbered[],
  locked: ReadonlyMap<string, number>,
): { readonly last: ReadonlyMap<Numbered, Entry>; readonly gone: readonly string[] } {
  const written = new Set(links.map((link) => JSON.stringify([endsOf(link), link.text, link.number])));
  const entries = new Map<string, Entry[]>();
  const unknown: string[] = [];
  for (const [key, number] of locked) {
    const [, ends, count = "1", text = ""] = keyShape.exec(key) ?? [];
    if (ends === undefined) unknown.push(key);
    else if (!written.has(JSON.stringify([ends, text, number])))
      push(entries, ends, { key, text, count: Number(count), number });
  }
  const last = new Map<Numbered, Entry>();
  const pair = (of: readonly Numbered[], before: readonly Entry[]): void => {
    for (const [index, entry] of before.entries()) if (of[index] !== undefined) last.set(of[index], entry);
  };
  const open = links.filter(({ number }) => number === undefined);
  for (const [ends, group] of groups(open, endsOf)) {
    const texts = groups(entries.get(ends) ?? [], ({ text }) => text);
    for (const [text, alike] of groups(group, (link) => link.text)) {
      const were = texts.get(text) ?? [];
      if (were.length === alike.length)
        pair(
          alike,
          were.toSorted((a, b) => a.count - b.count),
        );
    }
    const found = new Set(group.map((link) => last.get(link)));
    const rest = (entries.get(ends) ?? []).filter((entry) => !found.has(entry));
    pair(
      group.filter((link) => !last.has(link)),
      rest.toSorted((a, b) => a.number - b.number),
    );
  }
  const known = new Set(last.values());
  const gone = [...entries.values()].flat().filter((entry) => !known.has(entry));
  return { last, gone: [...unknown, ...gone.map(({ key }) => key)] };
}

function groups<T>(items: readonly T[], by: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const map = new Map<string, T[]>();
  for (const item of items) push(map, by(item), item);
  return map;
}

function push<T>(map: Map<string, T[]>, key: string, item: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [item]);
  else list.push(item);
}
