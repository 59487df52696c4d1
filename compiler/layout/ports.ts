import { diagnose } from "../diagnostics/catalogue.ts";
import type { ConfigPath, Diagnostic } from "../diagnostics/diagnostic.ts";
import type { PlacedChannel, PlacedPort } from "../ir/placed.ts";
import type { EventChannel, Port } from "../ir/resolved.ts";
import type { KeptPort } from "./port-memory.ts";
import { channelName, recall } from "./port-memory.ts";

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
  /** What the lock file says of it. */
  readonly last: KeptPort | undefined;
}

/**
 * A port for each end that has none: the one of last time, else the lowest that is free in its domain, in the order of
 * the text. What the user wrote comes first, whatever the lock file says.
 */
export function placePorts(channels: readonly EventChannel[], locked: ReadonlyMap<string, number>): PlacedPorts {
  const recalled = recall(channels, locked);
  const pairs = endsOf(channels, recalled.ends);
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
  for (const end of open) take(end, end.last?.port);
  for (const end of open) for (let port = ports.first; port <= ports.last && !chosen.has(end); port++) take(end, port);
  const placed = (end: End): PlacedPort => ({ domain: end.domain, port: chosen.get(end) ?? 0 });
  const kept = new Map(open.map((end) => [end.key, chosen.get(end) ?? 0]));
  const lost = open.filter((end) => !chosen.has(end));
  return {
    channels: pairs.map(([from, to]) => [placed(from), placed(to)]),
    kept,
    diagnostics: lost.length > 0 ? noPorts(lost) : [...moves(open, kept), ...recalled.gone.map(goneFrom)],
  };
}

function endsOf(
  channels: readonly EventChannel[],
  last: readonly (readonly [KeptPort | undefined, KeptPort | undefined])[],
): readonly (readonly [End, End])[] {
  const seen = new Map<string, number>();
  return channels.map((channel, index) => {
    const [from, to] = channel;
    const name = channelName(channel);
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    const key = count === 1 ? name : `${name}#${count}`;
    return [
      { ...from, key: `${key}/from`, path: ["eventChannels", index, "from"], last: last[index]?.[0] },
      { ...to, key: `${key}/to`, path: ["eventChannels", index, "to"], last: last[index]?.[1] },
    ];
  });
}

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
const moves = (open: readonly End[], kept: ReadonlyMap<string, number>): readonly Diagnostic[] =>
  open.flatMap(({ key, path, last }) => {
    const now = kept.get(key);
    if (last === undefined || last.port === now) return [];
    const params = { what: `the port of ${last.key}`, from: String(last.port), to: String(now) };
    return [diagnose("XI5101", params, { primary: { path } })];
  });

const goneFrom = (key: string): Diagnostic =>
  diagnose("XI5102", { what: `the port of ${key}` }, { primary: { path: ["eventChannels"], at: "key" } });
