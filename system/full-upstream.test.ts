import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { comments, configurations, fixtures, folderFor } from "./testing/imagebuilder.ts";
import { withMachine } from "./testing/machine.ts";
import { fullXen } from "./testing/paths.ts";
import { xenimg } from "./testing/systems.ts";
import { bootLoads, diagnosticsOf, lowerUnchecked } from "./testing/unchecked.ts";
import { watchableLines } from "./testing/upstream.ts";
import { variedFiles, variedSystem } from "./testing/varied.ts";

const target = { hypervisor: "xen", version: "4.22" } as const;
const rules = ["--target", "xen@4.22", "--hypervisor", fullXen ?? ""];

/**
 * What a configuration needs on this machine and this hypervisor: QEMU's tree has no alias `serial0`, without which Xen has
 * no console; and Xen hands shared memory of its heap over as it is, where `messages` wants zeros, as fresh RAM has.
 */
const adaptations: Readonly<Record<string, readonly [string, string]>> = {
  "pools.cfg": [" dtuart=serial0", ""],
  "links.cfg": ["size: MiB(2),", "size: MiB(2), at: 0x7000_0000,"],
};

/** A configuration as a user imports it, told to show its guests' consoles. */
async function imported(file: string): Promise<{ readonly board: string; readonly expects: readonly string[] }> {
  const text = readFileSync(join(fixtures, file), "utf8");
  const folder = folderFor(text);
  const [config, board] = [join(folder, file), join(folder, "board.ts")];
  writeFileSync(config, text);
  const { code, stderr } = await xenimg("import", config, "-o", board);
  expect(code, stderr).toBe(0);
  const changes = [["console=dtuart", watchableLines] as const, ...(adaptations[file] ? [adaptations[file]] : [])];
  let written = readFileSync(board, "utf8");
  for (const [from, to] of changes) {
    expect(written).toContain(from);
    written = written.replace(from, to);
  }
  writeFileSync(board, written);
  return { board, expects: comments(text, "expect") };
}

/**
 * `own-board` is a board that no `board.ts` knows how to emulate. On QEMU's ZCU102 upstream Xen, 4.17 as well, says nothing
 * more after "CPU 2 booted.", and on its Versal nothing at all: the core boots on both.
 */
const elsewhere = ["own-board.cfg", "zcu102.cfg", "linux.cfg"];
const emulated = configurations.filter((file) => !elsewhere.includes(file));

describe.skipIf(fullXen === undefined)("on an upstream Xen 4.22 with everything built in", () => {
  it.each(emulated)("an imported ImageBuilder configuration boots: %s", async (file) => {
    const { board, expects } = await imported(file);
    expect(expects).not.toEqual([]);
    const words = expects.flatMap((line) => ["--expect", line]);
    const { code, stdout, stderr } = await xenimg("run", board, "--timeout", "110", ...rules, ...words);
    expect(code, stdout + stderr).toBe(0);
  });

  it("each domain has the colours of the cache that its configuration says", async () => {
    const { board } = await imported("colours.cfg");
    const output = join(board, "..", "out");
    const { code, stderr } = await xenimg("build", board, "-o", output, ...rules);
    expect(code, stderr).toBe(0);
    const request = { program: "sh", args: [join(output, "run.sh")], domains: ["domU0", "domU1"] };
    await withMachine(request, async (machine) => {
      for (const domain of ["domU0", "domU1"]) await machine.waitFor(domain, /ready: /, 100);
      // Xen's own key, which has it tell of its domains.
      machine.type("q");
      await machine.waitFor("hypervisor", "General information for domain 2", 30);
      await machine.waitFor("hypervisor", "4 LLC colors: { 6-9 }", 30);
      const said = machine.saidBy("hypervisor");
      expect(said.filter((line) => line.includes("LLC colors"))).toEqual([
        "4 LLC colors: { 2-5 }",
        "4 LLC colors: { 6-9 }",
      ]);
      // No page of another colour comes with a larger mapping.
      expect(said.filter((line) => line.startsWith("  2M mappings"))).toEqual([
        "  2M mappings: 0 (shattered 0)",
        "  2M mappings: 0 (shattered 0)",
      ]);
    });
  });

  const files = variedFiles();
  it.each(Array.from({ length: 50 }, (_, seed) => seed))("what check has no error for boots: seed %i", async (seed) => {
    const varied = variedSystem(seed);
    const system = { ...varied, hypervisor: { ...varied.hypervisor, bootargs: watchableLines } };
    const diagnostics = await diagnosticsOf(system, target, files);
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    expect(errors.map(({ code, message }) => `${code}: ${message}`)).toEqual([]);
    await withMachine(bootLoads(await lowerUnchecked(system, target, files)), async (machine) => {
      for (const [name, { console, cpus }] of Object.entries(system.domains))
        if (console !== "none") await machine.waitFor(name, `ready: ${name}, ${cpus ?? 1} of ${cpus ?? 1} CPUs`, 150);
    });
  });
});
