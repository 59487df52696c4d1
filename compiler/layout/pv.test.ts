import { fc, it as property } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import type { PlacedLink, PvLink } from "../ir/pv.ts";
import type { ResolvedSystem } from "../ir/resolved.ts";
import { emptyLock } from "./lock.ts";
import type { PlacedPv } from "./pv.ts";
import { placePv } from "./pv.ts";

type Net = Extract<PvLink, { readonly kind: "net" }>;
type Block = Extract<PvLink, { readonly kind: "block" }>;

const place = (pv: readonly PvLink[], lock: PlacedPv["kept"] = emptyLock, system = "board"): PlacedPv =>
  placePv({ name: system, pv, domains: ["a", "b", "c"].map((name) => ({ name })) } as unknown as ResolvedSystem, lock);
const net = (more: Partial<Net> = {}): Net => ({ kind: "net", backend: "a", frontend: "b", ...more });
const block = (device: string, more: Partial<Block> = {}): Block => ({
  kind: "block",
  backend: "a",
  frontend: "b",
  device,
  mode: "w",
  ...more,
});
/** What the frontend knows the device by. */
const known = (link: PlacedLink): string =>
  link.kind === "net" ? `${link.handle} ${link.mac}` : String(deviceOf(link));
const deviceOf = (link: PlacedLink): string | number => {
  if (link.kind === "block") return link.name;
  return link.kind === "net" ? link.handle : link.number;
};
const handles = ({ links }: PlacedPv): readonly number[] =>
  links.flatMap((link) => (link.kind === "net" ? [link.handle] : []));
const names = ({ links }: PlacedPv): readonly string[] =>
  links.flatMap((link) => (link.kind === "block" ? [link.name] : []));
const macs = ({ links }: PlacedPv): readonly string[] =>
  links.flatMap((link) => (link.kind === "net" ? [link.mac] : []));
const told = ({ diagnostics }: PlacedPv): readonly string[] =>
  diagnostics.map(({ code, message }) => `${code} ${message}`);

describe("a link's number", () => {
  it("is the lowest that is free in its frontend, in the order of the text; written names come first", () => {
    const placed = place([
      net(),
      net({ frontend: "c" }),
      net({ backend: "c" }),
      block("254:0"),
      block("254:1", { name: "xvda" }),
      block("254:2"),
      block("254:3", { frontend: "c" }),
    ]);
    expect(handles(placed)).toEqual([0, 0, 1]);
    expect(names(placed)).toEqual(["xvdb", "xvda", "xvdc", "xvda"]);
    expect(placed.links.map(({ backendId, frontendId }) => [backendId, frontendId])).toEqual([
      [1, 2],
      [1, 3],
      [3, 2],
      [1, 2],
      [1, 2],
      [1, 2],
      [1, 3],
    ]);
    expect(placed.diagnostics).toEqual([]);
  });

  it("is kept by the ends of the link, what is written of it, and which it is of those that are written alike", () => {
    const { kept } = place([net(), net(), net({ bridge: "br0", mac: "02:00:00:00:00:01" }), net(), block("/dev/a b ")]);
    expect([...kept.interfaces]).toEqual([
      ["a>b", 0],
      ["a>b#2", 1],
      ["a>b br0 02:00:00:00:00:01", 2],
      ["a>b#3", 3],
    ]);
    expect([...kept.disks]).toEqual([["a>b /dev/a b ", 0]]);
    expect([...place([block("254:0", { name: "xvdb" })]).kept.disks]).toEqual([]);
  });

  it("stays where a link is written anew: its bridge, its address, its device", () => {
    const before = place([net(), net()]);
    const lock: PlacedPv["kept"] = {
      ...emptyLock,
      interfaces: new Map([
        ["a>b", 4],
        ["a>b#2", 2],
      ]),
      disks: new Map([
        ["a>b 254:0", 5],
        ["a>b 254:1", 6],
      ]),
    };
    const mac = macs(before)[0] ?? "";
    for (const links of [
      [net({ bridge: "br0" }), net(), block("254:0"), block("254:9")],
      [net({ mac }), net(), block("254:9"), block("254:1")],
      [net(), net({ bridge: "br0" }), block("254:0", { mode: "r" }), block("254:1")],
    ]) {
      const again = place(links, lock);
      expect([handles(again), names(again), again.diagnostics]).toEqual([expect.any(Array), ["xvdf", "xvdg"], []]);
      expect(handles(place(links, before.kept))).toEqual([0, 1]);
    }
  });

  it("goes by which it is of those that are written alike, and where all are written anew, by the numbers", () => {
    const alike = Array.from({ length: 11 }, () => net());
    const interfaces = new Map(alike.map((_, index) => [index === 0 ? "a>b" : `a>b#${index + 1}`, 20 - index]));
    const lock = { interfaces, disks: new Map<string, number>(), consoles: new Map<string, number>() };
    expect(handles(place(alike, lock))).toEqual([...interfaces.values()]);
    const anew = alike.map((link, index) => ({ ...link, bridge: `br${index}` }));
    expect(handles(place(anew, lock))).toEqual([...interfaces.values()].reverse());
  });

  it("stays where the name of one of two that are alike is written down", () => {
    const two = [block("254:0", { mode: "r" }), block("254:0", { mode: "r" })];
    const { kept } = place(two);
    for (const [index, name] of ["xvda", "xvdb"].entries()) {
      const again = place(
        two.map((link, at) => (at === index ? { ...link, name } : link)),
        kept,
      );
      expect([names(again), again.diagnostics]).toEqual([["xvda", "xvdb"], []]);
    }
  });

  it("gives way to a name that is written now, with a warning; what is gone is told", () => {
    const { kept } = place([block("254:0"), block("254:1"), net(), net()]);
    const placed = place([block("254:0"), block("254:1"), block("254:2", { name: "xvda" }), net()], kept);
    expect(names(placed)).toEqual(["xvdc", "xvdb", "xvda"]);
    expect(told(placed)).toEqual([
      "XI5102 the lock file keeps a place for interface a>b#2, which is no longer there",
      "XI5101 disk a>b 254:0 moves from xvda, where the lock file keeps it, to xvdc",
    ]);
    expect(placed.diagnostics[1]?.primary?.path).toEqual(["pv", 0]);
  });

  it("stays where a path holds any character that ends a line somewhere", () => {
    const paths = ["/a\u2028b", "/c\u2029d", "/e\u0085f"];
    const before = place(paths.map((path) => block(path)));
    const after = place([block("254:0"), ...paths.map((path) => block(path))], before.kept);
    expect(names(after)).toEqual(["xvdd", "xvda", "xvdb", "xvdc"]);
    expect(told(after)).toEqual([]);
  });

  it("spells out what the lock file's keys hold, so that each message is one line", () => {
    const lock = { ...emptyLock, interfaces: new Map([["a>b x\nerror XI1001: no", 0]]) };
    expect(told(place([], lock))).toEqual([
      String.raw`XI5102 the lock file keeps a place for interface a>b x\u000aerror XI1001: no, which is no longer there`,
    ]);
  });

  it("is of no link where the lock file has a key of no form, and one link's where it has it twice", () => {
    const lock = {
      ...emptyLock,
      interfaces: new Map([
        ["b", 7],
        ["a>b", 7],
        ["a>b#2", 7],
      ]),
    };
    const placed = place([net(), net()], lock);
    expect(handles(placed)).toEqual([7, 0]);
    expect(told(placed)).toEqual([
      "XI5101 interface a>b#2 moves from 7, where the lock file keeps it, to 0",
      "XI5102 the lock file keeps a place for interface b, which is no longer there",
    ]);
  });
});

describe("a console's number", () => {
  const text = (more: Partial<PvLink> = {}): PvLink =>
    ({ kind: "console", backend: "a", frontend: "b", ...more }) as PvLink;
  const numbers = ({ links }: PlacedPv) => links.flatMap((link) => (link.kind === "console" ? [link.number] : []));

  it("counts from 1 in each frontend, beside its interfaces and disks", () => {
    const placed = place([net(), text(), block("254:0"), text({ backend: "c" }), text({ frontend: "c" })]);
    expect(numbers(placed)).toEqual([1, 2, 1]);
    expect([...placed.kept.consoles]).toEqual([
      ["a>b", 0],
      ["c>b", 1],
      ["a>c", 0],
    ]);
  });

  it("is the one of last time where another console goes, which is told", () => {
    const again = place([text({ backend: "c" })], place([text(), text({ backend: "c" })]).kept);
    expect([numbers(again), told(again)]).toEqual([
      [2],
      ["XI5102 the lock file keeps a place for console a>b, which is no longer there"],
    ]);
  });

  it("is told as both ends know it where the lock file has one twice", () => {
    const consoles = new Map([
      ["a>b", 0],
      ["a>b#2", 0],
    ]);
    expect(told(place([text(), text()], { ...emptyLock, consoles }))).toEqual([
      "XI5101 console a>b#2 moves from 1, where the lock file keeps it, to 2",
    ]);
  });
});

describe("an address that is left out", () => {
  it("is one station's, locally administered, and follows from system, frontend and number", () => {
    const [mac = ""] = macs(place([net()]));
    expect(mac).toMatch(/^02:00(:[0-9a-f]{2}){4}$/);
    const others = [place([net()], undefined, "other"), place([net({ frontend: "c" })]), place([net(), net()])];
    expect(others.map((placed) => macs(placed).at(-1) === mac)).toEqual([false, false, false]);
    expect(macs(place([net({ backend: "c", bridge: "br0" })]))).toEqual([mac]);
  });

  it("is none that another interface has been given", () => {
    const [mac = ""] = macs(place([net()]));
    const [other, same] = macs(place([net(), net({ frontend: "c", mac })]));
    expect(same).toBe(mac);
    expect(other).toMatch(/^02:00(:[0-9a-f]{2}){4}$/);
    expect(other).not.toBe(mac);
  });
});

const ends = fc
  .constantFrom(["a", "b"], ["b", "a"], ["a", "c"])
  .map(([backend = "", frontend = ""]) => ({ backend, frontend }));
const nets = fc
  .tuple(ends, fc.constantFrom(undefined, "br0", "br1"), fc.boolean())
  .map(([both, bridge, written]) => ({ both, bridge, written }));
const blocks = fc.tuple(ends, fc.boolean()).map(([both, named]) => ({ both, named }));
const texts = fc.record({ both: ends, console: fc.constant(true) });
/** Links of all kinds, sound as CHECK has made sure by now: no address, device or name twice. */
const links: fc.Arbitrary<readonly PvLink[]> = fc.array(fc.oneof(nets, blocks, texts), { maxLength: 12 }).map((drawn) =>
  drawn.map((each, index): PvLink => {
    if ("console" in each) return { kind: "console", ...each.both };
    if ("named" in each)
      return block(`254:${index}`, { ...each.both, ...(each.named && { name: `xvdz${"abcdefghijkl"[index]}` }) });
    const mac = `06:00:00:00:00:0${index.toString(16)}`;
    return net({
      ...each.both,
      ...(each.bridge !== undefined && { bridge: each.bridge }),
      ...(each.written && { mac }),
    });
  }),
);
/** All links but one, which comes or goes. */
const oneMore = links
  .filter(({ length }) => length > 0)
  .chain((all) => fc.record({ all: fc.constant(all), at: fc.nat(all.length - 1) }));

/** What links that are written alike are known by, in their order. */
function byText(written: readonly PvLink[], placed: PlacedPv): ReadonlyMap<string, readonly string[]> {
  const texts = new Map<string, string[]>();
  for (const [index, link] of placed.links.entries()) {
    const text = JSON.stringify(written[index]);
    texts.set(text, [...(texts.get(text) ?? []), known(link)]);
  }
  return texts;
}

describe("any links whatever", () => {
  property.prop([links], { numRuns: 200 })("have numbers, names and addresses that no other has", (written) => {
    const placed = place(written);
    expect(placed.links.length).toBe(written.length);
    expect(new Set(macs(placed)).size).toBe(macs(placed).length);
    const devices = placed.links.map((link) => `${link.frontend} ${link.kind} ${deviceOf(link)}`);
    expect(new Set(devices).size).toBe(devices.length);
    const again = place(written, placed.kept);
    expect(again).toEqual(placed);
  });

  property.prop([oneMore, fc.boolean()], { numRuns: 500 })(
    "are what they were for their guests when one is added or taken away",
    ({ all, at }, added) => {
      const fewer = all.filter((_, index) => index !== at);
      const [before, after] = added ? [fewer, all] : [all, fewer];
      const old = place(before);
      const anew = place(after, old.kept);
      const now = byText(after, anew);
      for (const [text, were] of byText(before, old)) {
        const are = now.get(text) ?? [];
        const both = Math.min(were.length, are.length);
        expect(are.slice(0, both)).toEqual(were.slice(0, both));
      }
      expect(told(anew).filter((each) => each.startsWith("XI5101"))).toEqual([]);
    },
  );

  property.prop([links, fc.infiniteStream(fc.boolean())], { numRuns: 300 })(
    "stay what they are when what was chosen for any of them is written down, and nothing is told",
    (drawn, coins) => {
      const first = place(drawn);
      const written = drawn.map((link, index): PvLink => {
        const placed = first.links[index];
        if (placed === undefined || coins.next().value !== true) return link;
        if (link.kind === "net" && placed.kind === "net") return { ...link, mac: placed.mac };
        return link.kind === "block" && placed.kind === "block" ? { ...link, name: placed.name } : link;
      });
      const again = place(written, first.kept);
      expect([again.links, again.diagnostics]).toEqual([first.links, []]);
    },
  );
});
