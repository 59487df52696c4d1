import { decode, empty, encode, findNode, getProperty, readCells, readStrings } from "dtc-js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MiB } from "../base/units.ts";
import type { PvInput } from "../config/input-pv.ts";
import { placedSystem, twoDomains } from "../testing/system.ts";
import { lower } from "./lower.ts";

type Link = Extract<PvInput, { readonly kind: "net" | "block" | "console" }>;

interface System {
  readonly domains: number;
  readonly links: readonly Link[];
}

/** "d1" is domain 1. */
const nameOf = (id: number): string => `d${id}`;
const idOf = (name: string): number => Number(name.slice(1));

/** Two to four domains, one to four links of all kinds, with and without what may be left out. */
const systems: fc.Arbitrary<System> = fc.integer({ min: 2, max: 4 }).chain((domains) => {
  const ends = fc
    .tuple(fc.integer({ min: 1, max: domains }), fc.integer({ min: 1, max: domains - 1 }))
    .map(([backend, step]) => ({ backend: nameOf(backend), frontend: nameOf(((backend + step - 1) % domains) + 1) }));
  const net = fc
    .tuple(ends, fc.option(fc.constantFrom("br0", "lan")))
    .map(([both, bridge]): Link => ({ kind: "net", ...both, ...(bridge !== null && { bridge }) }));
  const block = fc.tuple(ends, fc.constantFrom("r" as const, "w" as const)).map(([both, mode]) => ({ both, mode }));
  const console = ends.map((both): Link => ({ kind: "console", ...both }));
  return fc
    .array(fc.oneof(net, block, console), { minLength: 1, maxLength: 4 })
    .map((drawn) =>
      drawn.map((each, index): Link =>
        "both" in each ? { kind: "block", ...each.both, mode: each.mode, device: `254:${index}` } : each,
      ),
    )
    .map((links) => ({ domains, links }));
});

interface Entry {
  readonly owner: number;
  readonly readers: readonly number[];
  readonly path: string;
  readonly value: string;
}

/** The store as the blob says it, by XenStore's own rules (docs/misc/xenstore.txt), written without the compiler's code. */
async function readBack({ domains, links }: System) {
  const end = { kernel: "Image", memory: MiB(16), enhanced: true };
  const placed = await placedSystem({
    board: twoDomains.board,
    domains: Object.fromEntries(Array.from({ length: domains }, (_, index) => [nameOf(index + 1), end])),
    pv: links,
  });
  const decoded = decode(encode(lower(placed).systemTree));
  const store = decoded.ok ? findNode(decoded.value, "/chosen/xenstore") : undefined;
  const strings = (store && readStrings(getProperty(store, "xenimg,entries")?.value ?? empty)) ?? [];
  const cells = (store && readCells(getProperty(store, "xenimg,pairs")?.value ?? empty)) ?? [];
  const entries = Array.from({ length: strings.length / 3 }, (_, index): Entry => {
    const [rights = "", path = "", value = ""] = strings.slice(3 * index);
    const [owner, ...others] = [...rights.matchAll(/([nrwb])(\d+)/g)].map(([, letter, id]) => ({
      letter,
      id: Number(id),
    }));
    expect([owner?.letter, others.every(({ letter }) => letter === "r")]).toEqual(["n", true]);
    return { owner: owner?.id ?? -1, readers: others.map(({ id }) => id), path, value };
  });
  const pairs = Array.from({ length: cells.length / 2 }, (_, index) => cells.slice(2 * index, 2 * index + 2).join(">"));
  return { entries, pairs };
}

const isBelow = (directory: string, path: string): boolean => path === directory || path.startsWith(`${directory}/`);

/** The numbers of a frontend's devices: interfaces from 0; disks by Linux's block device 202, 16 minors each; consoles from 1. */
function devices(links: readonly Link[]): readonly { readonly front: string; readonly back: string }[] {
  return links.map(({ kind, backend, frontend }, index) => {
    const before = links.slice(0, index).filter((each) => each.kind === kind && each.frontend === frontend).length;
    const device = { net: `vif/${before}`, block: `vbd/${202 * 256 + 16 * before}`, console: `console/${before + 1}` }[
      kind
    ];
    const [type, number] = device.split("/");
    return {
      front: `/local/domain/${idOf(frontend)}/device/${device}`,
      back: `/local/domain/${idOf(backend)}/backend/${type}/${idOf(frontend)}/${number}`,
    };
  });
}

describe("the store of any system", () => {
  it(
    "shows each domain its own home, and of others the other ends of its links alone",
    { timeout: 60_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(systems, async (system) => {
          const { entries, pairs } = await readBack(system);
          const paths = devices(system.links);
          for (let domain = 1; domain <= system.domains; domain++) {
            const home = `/local/domain/${domain}`;
            const foreign = paths.flatMap(({ front, back }) =>
              isBelow(home, front) ? [back] : isBelow(home, back) ? [front] : [],
            );
            for (const { owner, readers, path } of entries) {
              const own = isBelow(home, path);
              const seen = owner === domain || readers.includes(domain);
              expect([domain, path, seen]).toEqual([domain, path, own || foreign.some((each) => isBelow(each, path))]);
              // The home itself is the store's.
              expect([domain, path, owner === domain]).toEqual([domain, path, own && path !== home]);
            }
          }
          const ends = system.links.map(({ backend, frontend }) => `${idOf(backend)}>${idOf(frontend)}`);
          expect(pairs).toEqual([...new Set(ends)]);
        }),
        { numRuns: 40 },
      );
    },
  );

  it("has nothing but homes and both ends of each link, which name each other", { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(systems, async (system) => {
        const { entries } = await readBack(system);
        const values = new Map(entries.map(({ path, value }) => [path, value]));
        expect(values.size).toBe(entries.length);
        const paths = devices(system.links);
        for (const { front, back } of paths) {
          expect([values.get(`${front}/backend`), values.get(`${back}/frontend`)]).toEqual([back, front]);
          expect([values.get(`${front}/state`), values.get(`${back}/state`)]).toEqual(["1", "1"]);
        }
        const directories = paths.flatMap(({ front, back }) => [front, back]);
        const rest = entries.filter(({ path }) => !directories.some((each) => isBelow(each, path)));
        expect(rest.map(({ path, value }) => path + value)).toEqual(
          Array.from({ length: system.domains }, (_, index) =>
            ["", "/backend", "/control", "/device", "/memory"].map((name) => `/local/domain/${index + 1}${name}`),
          ).flat(),
        );
        const macs = entries.filter(({ path }) => path.endsWith("/mac")).map(({ value }) => value);
        for (const mac of macs) expect(mac).toMatch(/^[0-9a-f][26ae](:[0-9a-f]{2}){5}$/);
        expect(new Set(macs).size).toBe(system.links.filter(({ kind }) => kind === "net").length);
      }),
      { numRuns: 40 },
    );
  });
});
