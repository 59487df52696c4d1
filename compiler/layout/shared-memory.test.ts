import { fc, it as property } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { qemuVirt } from "../../boards/index.ts";
import { endOf, overlapOf } from "../base/ranges.ts";
import { KiB, MiB } from "../base/units.ts";
import type { SharedMemoryInput, SystemInput } from "../config/input.ts";
import type { CheckResult } from "../driver/result.ts";
import { guestMap } from "../ir/guest-map.ts";
import { checkSystem, files, kernelImage } from "../testing/system.ts";

type Shares = Readonly<Record<string, Partial<SharedMemoryInput>>>;

const domains: SystemInput["domains"] = {
  direct: { kernel: "Image", memory: [{ at: 0x8000_0000, size: MiB(32) }], directMap: true, console: "none" },
  ui: { kernel: "Image", memory: MiB(32) },
  log: { kernel: "Image", memory: MiB(32) },
};

/** Every domain but the direct-mapped one sees all of it, where nothing else is said. */
function check(shares: Shares, lock?: string, table = files, more: Partial<SystemInput> = {}): Promise<CheckResult> {
  const sharedMemory = Object.fromEntries(
    Object.entries(shares).map(([name, share]) => [name, { size: KiB(4), borrowers: ["ui", "log"], ...share }]),
  );
  const board = qemuVirt({ gic: 3, cpus: 1, memory: "2GiB" });
  return checkSystem({ board, domains, sharedMemory, ...more }, { table, ...(lock !== undefined && { lock }) });
}

/** "frames/ui": 0x33000000. */
const views = ({ placed, diagnostics }: CheckResult): Readonly<Record<string, number>> => {
  if (placed === undefined) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  const found = placed.sharedMemory.flatMap(({ resolved, views }) =>
    views.map(({ domain, at }) => [`${resolved.name}/${domain}`, at.start] as const),
  );
  return Object.fromEntries(found);
};
const messages = ({ diagnostics }: CheckResult): readonly string[] =>
  diagnostics.map(({ code, message }) => `${code}: ${message}`);
const first = guestMap.sharedMemory.start;

describe("guest addresses of shared memory", () => {
  it("begin where the guest map has room, lowest first, beside what is written", async () => {
    const found = await check({ one: {}, two: { guestAt: first + KiB(4) }, three: { size: KiB(8) } });
    expect(views(found)).toMatchObject({ "one/ui": first, "two/ui": first + KiB(4), "three/ui": first + KiB(8) });
    expect(views(await check({ one: {}, two: { guestAt: first } }))).toMatchObject({ "one/ui": first + KiB(4) });
  });

  it("are those that are written for each domain, and found for the others, which alone are kept", async () => {
    const found = await check({ one: { guestAt: { ui: 0x3400_0000 } }, two: { guestAt: { ui: first, log: first } } });
    const seen = { "one/ui": 0x3400_0000, "one/log": first + KiB(4), "two/ui": first, "two/log": first };
    expect(views(found)).toEqual(seen);
    expect(JSON.parse(found.lock ?? "")).toMatchObject({ systems: { board: { views: { "one/log": "0x33001000" } } } });
    const again = await check({ zero: { borrowers: ["log"] }, one: { guestAt: { ui: 0x3500_0000 } } }, found.lock);
    expect(messages(again)).toEqual([]);
    expect(views(again)).toMatchObject({ "one/ui": 0x3500_0000, "one/log": first + KiB(4), "zero/log": first });
  });

  it("are kept when others come, go, or change their order", async () => {
    const { lock } = await check({ one: {}, two: { borrowers: ["ui"] } });
    expect(JSON.parse(lock ?? "")).toMatchObject({
      systems: { board: { views: { "one/log": "0x33000000", "one/ui": "0x33000000", "two/ui": "0x33001000" } } },
    });
    const more = await check({ none: {}, two: { borrowers: ["ui", "log"] }, one: {} }, lock);
    expect(messages(more)).toEqual([]);
    expect(views(more)).toEqual({
      "none/ui": first + KiB(8),
      "none/log": first + KiB(4),
      "two/ui": first + KiB(4),
      "two/log": first + KiB(8),
      "one/ui": first,
      "one/log": first,
    });
    const fewer = await check({ two: { borrowers: ["ui"] } }, lock);
    expect(views(fewer)).toEqual({ "two/ui": first + KiB(4) });
    expect(messages(fewer)).toEqual([
      "XI5102: the lock file keeps a place for shared memory one/log, which is no longer there",
      "XI5102: the lock file keeps a place for shared memory one/ui, which is no longer there",
    ]);
  });

  it("give way, with a warning, where one has grown into its neighbour or an address is written", async () => {
    const borrowers = ["ui"];
    const { lock } = await check({ one: { borrowers }, two: { borrowers } });
    const grown = await check({ one: { borrowers, size: KiB(8) }, two: { borrowers } }, lock);
    expect(messages(grown)).toEqual([
      "XI5101: shared memory one/ui moves from 0x33000000, where the lock file keeps it, to 0x33002000",
    ]);
    const taken = await check({ one: { borrowers }, two: { borrowers }, hers: { borrowers, guestAt: first } }, lock);
    expect(messages(taken)).toEqual([
      "XI5101: shared memory one/ui moves from 0x33000000, where the lock file keeps it, to 0x33002000",
    ]);
  });

  it("are no longer kept, without a word, where they are written", async () => {
    const { lock } = await check({ one: {} });
    const written = await check({ one: { guestAt: 0x3400_0000 } }, lock);
    expect(messages(written)).toEqual([]);
    expect(written.lock).not.toContain("views");
  });

  it("are all placed anew, with a warning, where what was kept leaves no room", async () => {
    const borrowers = ["ui"];
    const halves = { one: { borrowers, size: MiB(2) }, two: { borrowers, size: MiB(38) } };
    const { lock } = await check({ ...halves, gone: { borrowers, size: MiB(40) } });
    const alone = await check({ two: halves.two }, lock);
    const again = await check({ two: halves.two, all: { borrowers, size: MiB(42) } }, alone.lock);
    expect(messages(again)).toEqual([
      "XI5101: shared memory two/ui moves from 0x33200000, where the lock file keeps it, to 0x33000000",
    ]);
  });

  it("are the machine's in a direct-mapped domain, and kept there, too", async () => {
    const shares = { late: {}, frames: { size: MiB(2), owner: "direct" } };
    const before = await check(shares);
    expect(before.placed?.sharedMemory[1]?.machine.start).toBe(views(before)["frames/direct"]);
    const grown = { ...files, Image: kernelImage(5000, 0x2_0000, 1) };
    const early = await check({ early: { size: MiB(4) }, ...shares }, before.lock, grown);
    expect(messages(early)).toEqual([]);
    expect(views(early)["frames/direct"]).toBe(views(before)["frames/direct"]);
    expect(early.placed?.sharedMemory[2]?.machine.start).toBe(views(before)["frames/direct"]);
    const fixed = await check({ frames: { size: MiB(2), owner: "direct", at: 0x9000_0000 } }, before.lock);
    expect(views(fixed)["frames/direct"]).toBe(0x9000_0000);
    expect(fixed.lock).not.toContain("frames/direct");
  });
});

const sizes = [KiB(4), KiB(12), MiB(2), MiB(3), MiB(9)] as const;
const seen = [["ui"], ["log"], ["ui", "log"], ["direct", "ui"]] as const;
const share = fc.record({ size: fc.constantFrom(...sizes), borrowers: fc.constantFrom(...seen) });
const name = fc.constantFrom("a", "b", "c", "d", "e", "f");
const shares = fc.uniqueArray(fc.tuple(name, share), { selector: ([key]) => key, maxLength: 6 });

describe("any shared memory whatever", () => {
  property.prop([shares, shares], { numRuns: 60 })("is seen apart, and moves only with a word", async (one, two) => {
    const before = await check(Object.fromEntries(one));
    const after = await check(Object.fromEntries(two), before.lock);
    const [old, now] = [views(before), views(after)];
    const moved = Object.keys(now).filter((key) => old[key] !== undefined && old[key] !== now[key]);
    expect(after.diagnostics.filter(({ code }) => code === "XI5101")).toHaveLength(moved.length);
    const same = JSON.stringify(one) === JSON.stringify(two);
    if (same) expect(moved).toEqual([]);
    // Without a larger one there is no reason to move.
    const larger = two.some(([key, { size }]) => one.some(([other, was]) => other === key && was.size < size));
    if (!larger) expect(moved).toEqual([]);
    for (const domain of Object.keys(domains)) {
      const ranges = (after.placed?.sharedMemory ?? []).flatMap((each) =>
        each.views.filter((view) => view.domain === domain).map(({ at }) => at),
      );
      for (const [index, range] of ranges.entries()) {
        for (const other of ranges.slice(index + 1)) expect(overlapOf(range, other)).toBeUndefined();
        if (domain !== "direct") expect(endOf(range)).toBeLessThanOrEqual(endOf(guestMap.sharedMemory));
      }
    }
  });
});
