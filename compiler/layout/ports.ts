import { diagnose } from "../diagnostics/catalogue.ts";
import type { ConfigPath, Diagnostic } from "../diagnostics/diagnostic.ts";
import type { PlacedChannel, PlacedPort } from "../ir/placed.ts";
import type { EventChannel, Port } from "../ir/resolved.ts";

/** Ports of one domain: 0 is none, and the core and Xen's 2-level events both have a static one below 1024. */
export const ports = { first: 1, last: 1023 };

export interface PlacedPorts {
  readonly channels: readonly PlacedChannel[];
  /** For the lock file: the ports that nobody wrote. */
  readonly kept: ReadonlyMap<string, number>;
  readonly diagnostics: readonly Diagnostic[];
}

interface End extends Port {
  /** In the lock file. */
  readonly key: string;
  readonly path: ConfigPath;
}

/**
 * A port for each end that has none: the one of last time, else the lowest that is free in its domain, in the order of
 * the text. What the user wrote comes first, whatever the lock file says.
 */
export function placePorts(channels: readonly EventChannel[], locked: ReadonlyMap<string, number>): PlacedPorts {
  const pairs = endsOf(channels);
  const ends = pairs.flat();
  const open = ends.filter(({ port }) => port === undefined);
  const used = new Map<string, Set<number>>(ends.map(({ domain }) => [domain, new Set()]));
  const chosen = new Map<End, number>();
  const take = (end: End, port: number | undefined): void => {
    const taken = used.get(end.domain);
    if (port === undefined || chosen.has(end) || taken?.has(port)) return;
    taken?.add(port);
    chosen.set(end, port);
  };
  for (const end of ends) take(end, end.port);
  for (const end of open) take(end, locked.get(end.key));
  for (const end of open) for (let port = ports.first; port <= ports.last && !chosen.has(end); port++) take(end, port);
  const placed = (end: End): PlacedPort => ({ domain: end.domain, port: chosen.get(end) ?? 0 });
  const kept = new Map(open.map((end) => [end.key, chosen.get(end) ?? 0]));
  const lost = open.filter((end) => !chosen.has(end));
  return {
    channels: pairs.map(([from, to]) => [placed(from), placed(to)]),
    kept,
    diagnostics: lost.length > 0 ? noPorts(lost) : moves(open, locked, kept),
  };
}

/**
 * A channel has no name: it is known by its ends as they are written, and by its number among those that are written
 * alike. So what is added or taken away beside it does not change its key.
 */
function endsOf(channels: readonly EventChannel[]): readonly (readonly [End, End])[] {
  const seen = new Map<string, number>();
  return channels.map(([from, to], index) => {
    const name = `${written(from)}>${written(to)}`;
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    const key = count === 1 ? name : `${name}#${count}`;
    return [
      { ...from, key: `${key}/from`, path: ["eventChannels", index, "from"] },
      { ...to, key: `${key}/to`, path: ["eventChannels", index, "to"] },
    ];
  });
}

const written = ({ domain, port }: Port): string => (port === undefined ? domain : `${domain}:${port}`);

/** Once a domain, at its first end that has no place. */
function noPorts(lost: readonly End[]): readonly Diagnostic[] {
  const domains = [...new Set(lost.map(({ domain }) => domain))];
  return domains.map((domain) => {
    const ends = lost.filter((end) => end.domain === domain);
    const params = { domain, missing: ends.length, ...ports };
    return diagnose("XI5011", params, { primary: { path: ends[0]?.path ?? [] } });
  });
}

/** What the lock file could not keep. */
function moves(
  open: readonly End[],
  locked: ReadonlyMap<string, number>,
  kept: ReadonlyMap<string, number>,
): readonly Diagnostic[] {
  const moved = open.flatMap(({ key, path }) => {
    const [from, to] = [locked.get(key), kept.get(key)];
    if (from === undefined || from === to) return [];
    const params = { what: `the port of ${key}`, from: String(from), to: String(to) };
    return [diagnose("XI5101", params, { primary: { path } })];
  });
  const gone = [...locked.keys()].filter((key) => !kept.has(key));
  return [
    ...moved,
    ...gone.map((key) =>
      diagnose("XI5102", { what: `the port of ${key}` }, { primary: { path: ["eventChannels"], at: "key" } }),
    ),
  ];
}
