import type { EventChannel, Port } from "../ir/resolved.ts";

/** A port that the lock file keeps. */
export interface KeptPort {
  readonly key: string;
  readonly port: number;
}

/** What the lock file keeps of each channel's ends, and what it keeps of none. */
export interface Recalled {
  /** In the order of the channels; for an end that is written now, that nothing changes. */
  readonly ends: readonly (readonly [KeptPort | undefined, KeptPort | undefined])[];
  readonly gone: readonly string[];
}

/** One channel of the lock file. */
interface Entry {
  /** Its ends as they were written. */
  readonly name: string;
  readonly count: number;
  readonly written: readonly [Port, Port];
  readonly kept: [KeptPort | undefined, KeptPort | undefined];
}

/**
 * A channel has no name: it is known by its ends as they are written, and by its number among those that are written
 * alike. So what is added or taken away beside it does not change its key.
 */
export const channelName = ([from, to]: EventChannel): string => `${written(from)}>${written(to)}`;
const written = ({ domain, port }: Port): string => (port === undefined ? domain : `${domain}:${port}`);

/**
 * Which channel of the lock file each channel is. One whose ports somebody has written down since is known by them, if
 * fewer channels than before are written as it was; the others, in the order of the text, take what is left.
 */
export function recall(channels: readonly EventChannel[], locked: ReadonlyMap<string, number>): Recalled {
  const { entries, unknown } = readEntries(locked);
  const left = groups(entries);
  const names = channels.map(channelName);
  const missing = new Map([...left].map(([name, group]) => [name, group.length]));
  for (const name of names) missing.set(name, (missing.get(name) ?? 0) - 1);
  const byPort = portIndex(entries);
  const found = channels.map((channel, index): Entry | undefined => {
    const name = names[index] ?? "";
    if (left.has(name)) return undefined;
    const entry = channel.flatMap((port, end) => byPort.get(`${end} ${written(port)}`) ?? [])[0];
    const spare = entry === undefined ? 0 : (missing.get(entry.name) ?? 0);
    if (entry === undefined || spare <= 0 || !writtenDown(channel, entry)) return undefined;
    missing.set(entry.name, spare - 1);
    return entry;
  });
  const taken = new Set(found);
  const rest = groups(entries.filter((entry) => !taken.has(entry)));
  const next = new Map<string, number>();
  const matched = found.map((entry, index) => {
    const name = names[index] ?? "";
    if (entry !== undefined) return entry;
    const count = next.get(name) ?? 0;
    next.set(name, count + 1);
    return rest.get(name)?.[count];
  });
  const known = new Set(matched);
  const gone = entries
    .filter((entry) => !known.has(entry))
    .flatMap(({ kept }) => kept.flatMap((end) => end?.key ?? []));
  return { ends: matched.map((entry) => entry?.kept ?? [undefined, undefined]), gone: [...unknown, ...gone] };
}

/** Whether the channel says what the entry says, and more of it. */
const writtenDown = (channel: EventChannel, { written: before, kept }: Entry): boolean =>
  channel.every(({ domain, port }, end) => {
    const was = before[end as 0 | 1];
    if (domain !== was.domain || (port === undefined && was.port !== undefined)) return false;
    return port === undefined || port === (was.port ?? kept[end as 0 | 1]?.port);
  });

/** By an end, first or second, and its port: no domain has a port twice. */
function portIndex(entries: readonly Entry[]): ReadonlyMap<string, Entry> {
  const index = new Map<string, Entry>();
  for (const entry of entries)
    for (const [end, { domain, port }] of entry.written.entries()) {
      const number = port ?? entry.kept[end as 0 | 1]?.port;
      if (number !== undefined) index.set(`${end} ${domain}:${number}`, entry);
    }
  return index;
}

function groups(entries: readonly Entry[]): Map<string, Entry[]> {
  const byName = new Map<string, Entry[]>();
  for (const entry of entries) {
    const group = byName.get(entry.name);
    if (group === undefined) byName.set(entry.name, [entry]);
    else group.push(entry);
  }
  for (const group of byName.values()) group.sort((a, b) => a.count - b.count);
  return byName;
}

/** "a:9>b#2/to" */
const keyShape = /^(([^>:#/]+)(?::(\d+))?>([^>:#/]+)(?::(\d+))?)(?:#(\d+))?\/(from|to)$/;

function readEntries(locked: ReadonlyMap<string, number>): { entries: readonly Entry[]; unknown: readonly string[] } {
  const entries = new Map<string, Entry>();
  const unknown: string[] = [];
  for (const [key, port] of locked) {
    const [, name = "", from = "", fromPort, to = "", toPort, number, end] = keyShape.exec(key) ?? [];
    const written = [portOf(from, fromPort), portOf(to, toPort)] as const;
    const place = end === "from" ? 0 : 1;
    if (end === undefined || written[place].port !== undefined) {
      unknown.push(key);
      continue;
    }
    const count = Number(number ?? 1);
    const entry = entries.get(`${name}#${count}`) ?? { name, count, written, kept: [undefined, undefined] };
    entry.kept[place] = { key, port };
    entries.set(`${name}#${count}`, entry);
  }
  return { entries: [...entries.values()], unknown };
}

const portOf = (domain: string, port: string | undefined): Port =>
  port === undefined ? { domain } : { domain, port: Number(port) };
