import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { physAddr } from "../compiler/base/units.ts";
import { imageArguments } from "../compiler/emit/qemu.ts";
import { comments, configurations, fixtures, folderFor, virt } from "./testing/imagebuilder.ts";
import { withMachine } from "./testing/machine.ts";
import { debian, root } from "./testing/paths.ts";
import { xenimg } from "./testing/systems.ts";

describe("an ImageBuilder configuration", () => {
  it.each(configurations)("imports, builds and boots: %s", async (file) => {
    const text = readFileSync(join(fixtures, file), "utf8");
    const name = file.replace(".cfg", "");
    const folder = folderFor(text);
    const config = join(folder, file);
    const board = join(folder, `${name}.ts`);
    writeFileSync(config, text);
    const imported = await xenimg("import", config, "-o", board);
    expect(imported.code, imported.stderr).toBe(0);

    const [target] = comments(text, "target");
    const output = join(folder, `${name}-out`);
    const rules = target === undefined ? [] : ["--target", target, "--hypervisor", debian("xen")];
    const built = await xenimg("build", board, "-o", output, ...rules);
    expect(built.stderr).toBe("");
    expect(built.code).toBe(0);
    if (target !== undefined) return;

    const lines = comments(text, "expect");
    expect(lines).not.toEqual([]);
    if (name === "own-board") await bootsByHand(join(output, "image.bin"), lines);
    else {
      const expects = lines.flatMap((line) => ["--expect", line]);
      const { code, stdout, stderr } = await xenimg("run", board, "--timeout", "100", ...expects);
      expect(code, stdout + stderr).toBe(0);
    }
  });
});

describe("xl.cfg files of two domains, and a pool's", () => {
  it("import as one system, which builds and boots to both shells", async () => {
    const names = ["ui.cfg", "control.cfg", "general.pool"];
    const texts = names.map((name) => readFileSync(join(root, "fixtures", "xl", name), "utf8"));
    const folder = folderFor(["virt-gicv3.dtb", ...texts].join("\n"));
    for (const [index, name] of names.entries()) writeFileSync(join(folder, name), texts[index] ?? "");
    const board = join(folder, "board.ts");
    const files = names.map((name) => join(folder, name));
    const imported = await xenimg("import", ...files, "--device-tree", join(folder, "virt-gicv3.dtb"), "-o", board);
    expect(imported.code, imported.stderr).toBe(0);

    const expects = texts.flatMap((text) => comments(text, "expect")).flatMap((line) => ["--expect", line]);
    expect(expects).toHaveLength(4);
    const { code, stdout, stderr } = await xenimg("run", board, "--timeout", "110", ...expects);
    expect(code, stdout + stderr).toBe(0);
  });
});

/** A board of which `board.ts` does not say how it is emulated. */
async function bootsByHand(image: string, lines: readonly string[]): Promise<void> {
  const { emulator, loadAddress } = virt(3);
  if (emulator === undefined) throw new Error("qemuVirt has no emulator");
  const { kernelAddress } = emulator;
  const args = [...emulator.args, ...imageArguments(image, { at: physAddr(loadAddress), kernelAddress })];
  await withMachine({ program: emulator.program, args, domains: ["domU0"] }, async (machine) => {
    for (const line of lines) await machine.waitFor("domU0", line.replace("[domU0] ", ""), 100);
  });
}
