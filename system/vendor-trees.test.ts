import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { decode, findByPath, readInterrupts, routeInterrupt, translateReg, walk, type DeviceTree } from "dtc-js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { debian, root } from "./testing/paths.ts";

const made = mkdtempSync(join(tmpdir(), "xenimg-vendor-trees-"));
afterAll(() => {
  rmSync(made, { recursive: true });
});

/** The folder of all vendors: its path has one part that ends in the kernel's version. */
const vendors = /^.*\/linux-image-[^/]*/.exec(debian("vendor-trees"))?.[0] ?? "";
const trees = readdirSync(vendors, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".dtb"));

/** PATH without what npm puts in front: the `dtc` in there is ours. */
const path = (process.env["PATH"] ?? "")
  .split(":")
  .filter((folder) => !folder.includes("node_modules"))
  .join(":");
const quiet = (from: string, to: string): readonly string[] => ["-q", "-I", from, "-O", to];

/** Ours: all of `lines`, in one process. */
function compileAll(from: string, to: string, lines: readonly (readonly [string, string])[]): void {
  const batch = join(root, "compiler", "dtc-js", "dist", "bin", "dtc-batch.js");
  const input = lines.map((line) => line.join(" ")).join("\n");
  const run = spawnSync(process.execPath, [batch, ...quiet(from, to)], { input, timeout: 300_000 });
  expect(run.stderr.toString()).toBe("");
  expect(run.status).toBe(0);
}

/** Debian's, a process for each. */
function original(from: string, to: string, input: string): Buffer {
  const env = { ...process.env, PATH: path };
  const run = spawnSync("dtc", [...quiet(from, to), input], { env, maxBuffer: 2 ** 28, timeout: 60_000 });
  if (run.status !== 0) throw new Error(`dtc refused ${input}: ${run.stderr.toString()}`);
  return run.stdout;
}

const place = (tree: string, ending: string): string => join(made, `${tree}.${ending}`);
/** Debian 12's dtc 1.6 makes no labels of __symbols__, and has the strings of a list in one pair of quotes. */
const asOlder = (text: string): string =>
  text.replaceAll(/^(\t+)(?:[A-Za-z_][A-Za-z0-9_]*: )+/gm, "$1").replaceAll('", "', "\\0");

/** The trees for which ours gave something else. */
const differing = (same: (tree: string) => boolean): readonly string[] => trees.filter((tree) => !same(tree));

describe("the device trees of Debian's kernel", { timeout: 600_000 }, () => {
  beforeAll(() => {
    for (const tree of trees) mkdirSync(dirname(join(made, tree)), { recursive: true });
    compileAll(
      "dtb",
      "dts",
      trees.map((tree) => [join(vendors, tree), place(tree, "dts")]),
    );
    compileAll(
      "dts",
      "dtb",
      trees.map((tree) => [place(tree, "dts"), place(tree, "dtb")]),
    );
  }, 600_000);

  it("are more than 500", () => {
    expect(trees.length).toBeGreaterThan(500);
    expect(trees.every((tree) => statSync(join(vendors, tree)).size > 1000)).toBe(true);
  });

  it("are printed by dtc-js as dtc prints them", () => {
    const its = (tree: string): string => original("dtb", "dts", join(vendors, tree)).toString();
    const ours = (tree: string): string => readFileSync(place(tree, "dts"), "utf8");
    const version = /DTC (\S+)/.exec(
      spawnSync("dtc", ["--version"], { env: { ...process.env, PATH: path } }).stdout.toString(),
    );
    const older = version?.[1]?.startsWith("1.6.");
    const same = (tree: string): boolean =>
      older ? asOlder(ours(tree)) === asOlder(its(tree)) : ours(tree) === its(tree);
    expect(differing(same)).toEqual([]);
  });

  it("are compiled again by dtc-js to the bytes that dtc makes", () => {
    const same = (tree: string): boolean =>
      readFileSync(place(tree, "dtb")).equals(original("dts", "dtb", place(tree, "dts")));
    expect(differing(same)).toEqual([]);
  });

  it("send each interrupt to a controller, and have their registers where the vendor says", () => {
    const lost: string[] = [];
    let count = 0;
    for (const tree of trees) {
      for (const at of walk(decoded(tree))) {
        const interrupts = readInterrupts(at);
        if (!interrupts.ok) lost.push(`${tree} ${at.path}: ${interrupts.diagnostics[0].message}`);
        for (const each of interrupts.ok ? interrupts.value : []) {
          count++;
          const routed = routeInterrupt(at, each);
          if (!routed.ok) lost.push(`${tree} ${at.path}: ${routed.diagnostics[0].message}`);
        }
      }
    }
    expect(lost).toEqual([]);
    expect(count).toBeGreaterThan(50_000);
    // BCM2711 ARM Peripherals: UART0 is at 0x7e201000 for the peripherals, at 0xfe201000 for the processor.
    const board = trees.find((tree) => tree.endsWith("/bcm2711-rpi-4-b.dtb")) ?? "";
    const uart = findByPath(decoded(board), "/soc/serial@7e201000");
    expect(uart && translateReg(uart)).toMatchObject({ value: [{ address: 0xfe20_1000n, size: 0x200n }] });
  });
});

function decoded(tree: string): DeviceTree {
  const result = decode(readFileSync(join(vendors, tree)));
  if (!result.ok) throw new Error(`${tree}: ${result.diagnostics[0].message}`);
  return result.value;
}
