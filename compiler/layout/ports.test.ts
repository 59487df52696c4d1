import { fc, it as property } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import type { EventChannel, Port } from "../ir/resolved.ts";
import { placePorts } from "./ports.ts";

const none: ReadonlyMap<string, number> = new Map();
const channel = (from: string | Port, to: string | Port): EventChannel => [end(from), end(to)];
const end = (port: string | Port): Port => (typeof port === "string" ? { domain: port } : port);
const at = (domain: string, port: number): Port => ({ domain, port });
const numbers = (placed: ReturnType<typeof placePorts>) => placed.channels.map(([from, to]) => [from.port, to.port]);
const codes = (placed: ReturnType<typeof placePorts>) => placed.diagnostics.map(({ code }) => code);

describe("ports that are left out", () => {
  it("are the lowest that are free in their domains, in the order of the text", () => {
    const placed = placePorts([channel("a", "b"), channel("b", "c"), channel("c", "c")], none);
    expect(numbers(placed)).toEqual([
      [1, 1],
      [2, 1],
      [2, 3],
    ]);
  });

  it("are none that is written anywhere", () => {
    const placed = placePorts([channel("a", "b"), channel(at("a", 1), at("b", 2)), channel("a", "b")], none);
    expect(numbers(placed)).toEqual([
      [2, 1],
      [1, 2],
      [3, 3],
    ]);
  });

  it("are kept, by the ends as they are written, when channels come, go or change their order", () => {
    const [one, two, three] = [channel("a", "b"), channel(at("a", 9), "b"), channel("c", "a")];
    const { kept } = placePorts([one, two, three], none);
    expect([...kept]).toEqual([
      ["a>b/from", 1],
      ["a>b/to", 1],
      ["a:9>b/to", 2],
      ["c>a/from", 1],
      ["c>a/to", 2],
    ]);
    const placed = placePorts([channel("b", "a"), channel("b", "a"), three, two], kept);
    expect(numbers(placed)).toEqual([
      [1, 1],
      [3, 3],
      [1, 2],
      [9, 2],
    ]);
    expect(codes(placed)).toEqual(["XI5102", "XI5102"]);
  });

  it("are kept in turn by channels that are written alike", () => {
    const both = placePorts([channel("a", "b"), channel("a", "b")], none);
    expect([...both.kept.keys()]).toEqual(["a>b/from", "a>b/to", "a>b#2/from", "a>b#2/to"]);
    expect(numbers(placePorts([channel("a", "b")], both.kept))).toEqual([[1, 1]]);
  });

  it("stay when some are written down: of the first, of the second, of one end", () => {
    const two = [channel("a", "b"), channel("a", "b")];
    const { kept } = placePorts(two, none);
    for (const written of [
      [channel(at("a", 1), at("b", 1)), channel("a", "b")],
      [channel("a", "b"), channel(at("a", 2), at("b", 2))],
      [channel(at("a", 1), "b"), channel("a", "b")],
      [channel("a", "b"), channel("a", at("b", 2))],
      [channel("a", at("b", 1)), channel(at("a", 2), "b")],
    ]) {
      const placed = placePorts(written, kept);
      expect(numbers(placed)).toEqual([
        [1, 1],
        [2, 2],
      ]);
      expect(codes(placed)).toEqual([]);
    }
  });

  it("are those of no channel where the lock file has a key of no form", () => {
    const placed = placePorts(
      [channel("a", "b")],
      new Map([
        ["a>b", 3],
        ["a:4>b/from", 4],
        ["a>b/to", 5],
      ]),
    );
    expect(numbers(placed)).toEqual([[1, 5]]);
    expect(codes(placed)).toEqual(["XI5102", "XI5102"]);
  });

  it("give way, with a warning, to one that is written now", () => {
    const { kept } = placePorts([channel("a", "b")], none);
    const placed = placePorts([channel("a", "b"), channel(at("a", 1), at("b", 7))], kept);
    expect(numbers(placed)[0]).toEqual([2, 1]);
    expect(placed.diagnostics.map(({ message }) => message)).toEqual([
      "the port of a>b/from moves from 1, where the lock file keeps it, to 2",
    ]);
  });

  it("must be there: a domain has 1023", () => {
    const many = (count: number) => Array.from({ length: count }, () => channel("a", at("b", 1)));
    expect(codes(placePorts(many(1023), none))).toEqual([]);
    const { diagnostics } = placePorts(many(1025), none);
    expect(diagnostics.map(({ code, primary }) => [code, primary?.path])).toEqual([
      ["XI5011", ["eventChannels", 1023, "from"]],
    ]);
    expect(diagnostics[0]?.message).toBe('no port of "a" is left for 2 ends of event channels');
  });
});

/** Channels among three domains; no port of a domain is written twice, as CHECK has made sure by now. */
const channels = fc
  .array(
    fc.tuple(
      fc.record({ domain: fc.constantFrom("a", "b", "c"), port: fc.option(fc.integer({ min: 1, max: 12 })) }),
      fc.record({ domain: fc.constantFrom("a", "b", "c"), port: fc.option(fc.integer({ min: 1, max: 12 })) }),
    ),
    { maxLength: 14 },
  )
  .map((drawn) => {
    const seen = new Set<string>();
    const once = ({ domain, port }: { domain: string; port: number | null }): Port => {
      const key = `${domain}:${port ?? ""}`;
      if (port === null || seen.has(key)) return { domain };
      seen.add(key);
      return { domain, port };
    };
    return drawn.map(([from, to]): EventChannel => [once(from), once(to)]);
  });

const part = channels.chain((all) =>
  fc.record({ all: fc.constant(all), before: fc.subarray([...all]), after: fc.subarray([...all]) }),
);

/** Ports of channels that are written alike, in their order. */
function byText(written: readonly EventChannel[], placed: ReturnType<typeof placePorts>): Map<string, number[]> {
  const texts = new Map<string, number[]>();
  for (const [index, channel] of written.entries()) {
    const text = JSON.stringify(channel);
    texts.set(text, [...(texts.get(text) ?? []), ...(numbers(placed)[index] ?? [])]);
  }
  return texts;
}

/** "a:1>b#2/to" is about "b". */
const domainOf = (key: string): string | undefined =>
  (key.endsWith("/from") ? key : key.slice(key.indexOf(">") + 1))[0];

describe("any channels whatever", () => {
  property.prop([channels], { numRuns: 300 })("have ports of their own, the lowest that there are", (written) => {
    const { channels: placed } = placePorts(written, none);
    const ends = placed.flat();
    for (const [index, { domain, port }] of ends.entries()) {
      const others = ends.filter((other, at) => at !== index && other.domain === domain).map((other) => other.port);
      expect(others).not.toContain(port);
      const asked = written.flat()[index];
      expect(asked?.domain).toBe(domain);
      if (asked?.port !== undefined) expect(port).toBe(asked.port);
      else for (let lower = 1; lower < port; lower++) expect(others).toContain(lower);
    }
  });

  property.prop([channels], { numRuns: 100 })(
    "have the same ports again, with what was kept and without",
    (written) => {
      const first = placePorts(written, none);
      expect(placePorts(written, none)).toEqual(first);
      expect(placePorts(written, first.kept)).toEqual(first);
    },
  );

  property.prop([part], { numRuns: 300 })("keep theirs when others come and go, or say which they lose", (drawn) => {
    const old = placePorts(drawn.before, none);
    const anew = placePorts(drawn.after, old.kept);
    const ends = anew.channels.flat().map(({ domain, port }) => `${domain}:${port}`);
    expect(new Set(ends).size).toBe(ends.length);
    const told = (code: string): number => codes(anew).filter((each) => each === code).length;
    const now = byText(drawn.after, anew);
    let moved = 0;
    for (const [text, ports] of byText(drawn.before, old))
      for (const [index, port] of (now.get(text) ?? []).entries())
        if (ports[index] !== undefined && ports[index] !== port) moved++;
    const gone = [...old.kept.keys()].filter((key) => !anew.kept.has(key));
    expect(told("XI5101")).toBeGreaterThanOrEqual(moved);
    expect(told("XI5102")).toBeLessThanOrEqual(gone.length);
    // Who writes what the lock file says of a channel means that channel, under whichever text and key.
    const written = new Set(drawn.after.flat().map(({ domain, port }) => `${domain} ${port ?? ""}`));
    if ([...old.kept].some(([key, port]) => written.has(`${domainOf(key)} ${port}`))) return;
    expect(told("XI5101")).toBe(moved);
    expect(told("XI5102")).toBe(gone.length);
    for (const [key, port] of old.kept) if (anew.kept.has(key)) expect(anew.kept.get(key)).toBe(port);
  });

  property.prop([channels, fc.infiniteStream(fc.boolean())], { numRuns: 500 })(
    "have the same ports when any of them are written down as the lock file has them, and nothing is told",
    (drawn, coins) => {
      const first = placePorts(drawn, none);
      const write = (port: Port, placed: { readonly port: number } | undefined): Port =>
        coins.next().value === true ? { domain: port.domain, port: placed?.port ?? 0 } : port;
      const written = drawn.map(([from, to], index): EventChannel => {
        const [first0, first1] = first.channels[index] ?? [];
        return [write(from, first0), write(to, first1)];
      });
      const again = placePorts(written, first.kept);
      expect(numbers(again)).toEqual(numbers(first));
      expect(codes(again)).toEqual([]);
    },
  );
});
