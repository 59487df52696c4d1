import { copyFileSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { decode, encode, property, setProperty, strings } from "dtc-js";
import { describe, expect, it } from "vitest";
import { qemuVirt, xlnxVersalVirt } from "../boards/index.ts";
import { loadArguments } from "../cli/tools/qemu.ts";
import { writeInitramfs } from "./testing/initramfs.ts";
import { withMachine } from "./testing/machine.ts";
import { debian, guest, root, temporaryFolder } from "./testing/paths.ts";
import { xenimg } from "./testing/systems.ts";

const GiB = 2 ** 30;
const fixtures = join(root, "fixtures", "imagebuilder");
const virt = (gic: 2 | 3) => qemuVirt({ gic, cpus: 4, memory: 2 * GiB });

/** The device trees that the configurations name; one is of a board that no profile is. */
const trees: Readonly<Record<string, () => Uint8Array>> = {
  "virt-gicv3.dtb": () => virt(3).deviceTree,
  "virt-gicv2.dtb": () => virt(2).deviceTree,
  "versal.dtb": () => xlnxVersalVirt({ memory: 2 * GiB }).deviceTree,
  "zynqmp-zcu102.dtb": () => readFileSync(debian("zynqmp-zcu102")),
  "own.dtb": () => {
    const decoded = decode(virt(3).deviceTree);
    if (!decoded.ok) throw new Error(decoded.error.message);
    return encode(setProperty(decoded.tree, "/", property("model", strings("Own"))));
  },
};

/** Other files that the configurations name. */
const files: Readonly<Record<string, (path: string) => void>> = {
  "hello.bin": (path) => {
    copyFileSync(guest("hello"), path);
  },
  "clock.bin": (path) => {
    copyFileSync(guest("clock"), path);
  },
  "messages.bin": (path) => {
    copyFileSync(guest("messages"), path);
  },
  Image: (path) => {
    copyFileSync(debian("kernel"), path);
  },
  "initramfs.cpio.gz": (path) => {
    writeInitramfs(path);
  },
};

/** A folder with what a configuration names beside it, as a user has it. */
function folderFor(config: string): string {
  const folder = temporaryFolder("import");
  const named = (name: string): boolean => config.includes(name);
  for (const [name, tree] of Object.entries(trees)) if (named(name)) writeFileSync(join(folder, name), tree());
  for (const [name, make] of Object.entries(files)) if (named(name)) make(join(folder, name));
  return folder;
}

/** What a configuration's comments say of the test: lines that its consoles show, or whose rules it is built by. */
const comments = (text: string, key: string): readonly string[] =>
  [...text.matchAll(new RegExp(`^# ${key}: (.*)$`, "gm"))].map(([, value = ""]) => value);

describe("an ImageBuilder configuration", () => {
  it.each(readdirSync(fixtures).filter((name) => name.endsWith(".cfg")))(
    "imports, builds and boots: %s",
    async (file) => {
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
    },
  );
});

/** A board of which `board.ts` does not say how it is emulated. */
async function bootsByHand(image: string, lines: readonly string[]): Promise<void> {
  const { emulator, loadAddress } = virt(3);
  if (emulator === undefined) throw new Error("qemuVirt has no emulator");
  const args = [...emulator.args, ...loadArguments(emulator, { path: image, loadAddress })];
  await withMachine({ program: emulator.program, args, domains: ["domU0"] }, async (machine) => {
    for (const line of lines) await machine.waitFor("domU0", line.replace("[domU0] ", ""), 100);
  });
}
