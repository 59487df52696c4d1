import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packageRoot } from "../adapters/package.ts";
import type { Finished } from "../testing/surroundings.ts";
import { xenimg } from "../testing/surroundings.ts";

const folder = mkdtempSync(join(tmpdir(), "xenimg-extract-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const call = (...args: readonly string[]): Promise<Finished> => xenimg(folder, ...args);
const read = (path: string): Buffer => readFileSync(join(folder, path));
/** Whatever there is in the folder, besides what was built. */
const entries = (): readonly string[] => readdirSync(folder, { recursive: true, encoding: "utf8" }).toSorted();

beforeAll(async () => {
  copyFileSync(join(packageRoot, "fixtures", "files", "Image"), join(folder, "Image"));
  writeFileSync(
    join(folder, "board.ts"),
    `import { GiB, MiB, defineSystem } from "xenimg";
import { qemuVirt } from "xenimg/boards";

export default defineSystem({
  board: qemuVirt({ gic: 3, cpus: 2, memory: GiB(1) }),
  domains: { ui: { kernel: "Image", memory: MiB(64) } },
});
`,
  );
  const core = join(packageRoot, "fixtures", "files", "core.img");
  const args = ["board.ts", "--hypervisor", core, "-o", "built", "--format", "raw,fit,script,disk"];
  expect(await call("build", ...args)).toMatchObject({ exitCode: 0, stderr: "" });
  // A busy machine takes its time.
}, 60_000);

describe("extract", () => {
  it("writes the parts of an image, byte for byte, into a folder beside where it is called", async () => {
    const { exitCode, stdout } = await call("extract", "built/image.itb");
    expect([exitCode, stdout.split("\n").map((line) => line.split("  ")[0])]).toEqual([
      0,
      ["image.itb.parts/hypervisor", "image.itb.parts/device-tree", "image.itb.parts/ui-kernel", ""],
    ]);
    expect(read("image.itb.parts/device-tree").equals(read("built/system.dtb"))).toBe(true);
    expect(read("image.itb.parts/hypervisor").equals(read("built/hypervisor.img"))).toBe(true);
    expect(read("image.itb.parts/ui-kernel").equals(read("Image"))).toBe(true);
  });

  it("writes what was asked for alone; of a disk in the folders that it is in", async () => {
    expect(await call("extract", "built/disk.img", "image.itb", "-o", "new/parts")).toMatchObject({ exitCode: 0 });
    expect(readdirSync(join(folder, "new", "parts"))).toEqual(["image.itb"]);
    expect(read("new/parts/image.itb").equals(read("built/image.itb"))).toBe(true);
    // From image to image: what came out of the disk is taken apart as well.
    expect((await call("extract", "new/parts/image.itb", "ui-kernel", "-o", "inner")).exitCode).toBe(0);
    expect(read("inner/ui-kernel").equals(read("Image"))).toBe(true);
  });

  it("lists what it would write, and writes nothing", async () => {
    const before = entries();
    const { exitCode, stdout } = await call("extract", "built/image.bin", "--list");
    expect([exitCode, stdout.split("\n").map((line) => line.replace(/^ *\d+ bytes {2}/, ""))]).toEqual([
      0,
      ["hypervisor", "device-tree", "ui-kernel", ""],
    ]);
    expect(entries()).toEqual(before);
  });

  it("XI7031: knows no other part, and writes none then", async () => {
    const before = entries();
    const { exitCode, stdout, stderr } = await call("extract", "built/image.itb", "device-tree", "ui-kernal");
    expect([exitCode, stdout]).toEqual([1, ""]);
    expect(stderr).toContain('error XI7031: there is no "ui-kernal" in "built/image.itb"');
    expect(stderr).toContain('did you mean "ui-kernel"?');
    expect((await call("extract", "built/image.itb", "../Image")).stderr).toContain(
      'it has "hypervisor", "device-tree", "ui-kernel"',
    );
    expect(entries()).toEqual(before);
  });

  it("XI7032: writes nothing of an image with a part that leads elsewhere", async () => {
    const bytes = read("built/image.bin");
    bytes.write("multiboot,../../", bytes.indexOf("multiboot,kernel"), "latin1");
    writeFileSync(join(folder, "hostile.bin"), bytes);
    const before = entries();
    for (const parts of [[], ["device-tree"], ["ui-../../"]]) {
      const { exitCode, stdout, stderr } = await call("extract", "hostile.bin", ...parts, "-o", "out");
      expect([exitCode, stdout, stderr]).toEqual([
        1,
        "",
        expect.stringContaining('XI7032: "hostile.bin" has a part "ui-../../"'),
      ]);
    }
    expect([entries(), existsSync(join(folder, "out"))]).toEqual([before, false]);
    expect((await call("extract", "hostile.bin", "--list")).stdout).toContain("ui-../../\n");
  });

  it("XI7032: wants to be told which of two parts whose names differ by capitals alone", async () => {
    const text = read("board.ts").toString().replace("ui: {", 'UI: { kernel: "Image", memory: MiB(64) }, ui: {');
    writeFileSync(join(folder, "capitals.ts"), text);
    const core = join(packageRoot, "fixtures", "files", "core.img");
    const args = ["capitals.ts", "--hypervisor", core, "-o", "capitals", "--format", "fit"];
    expect(await call("build", ...args)).toMatchObject({ exitCode: 0 });
    const { exitCode, stderr } = await call("extract", "capitals/image.itb", "-o", "both");
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringContaining('XI7032: "capitals/image.itb" has a part "ui-kernel"'),
    ]);
    expect(stderr).toContain("of such two only one");
    expect((await call("extract", "capitals/image.itb", "UI-kernel", "-o", "one")).exitCode).toBe(0);
    expect(readdirSync(join(folder, "one"))).toEqual(["UI-kernel"]);
  });

  it("XI7033: writes into no folder that holds something, not even what a build wrote", async () => {
    mkdirSync(join(folder, "mine"));
    writeFileSync(join(folder, "mine", "notes.txt"), "mine");
    for (const [output, found] of [
      ["mine", "notes.txt"],
      ["built", "boot.cmd"],
    ] as const) {
      const before = entries();
      const { exitCode, stderr } = await call("extract", "built/image.itb", "-o", output);
      expect([exitCode, stderr]).toEqual([
        1,
        expect.stringContaining(`XI7033: nothing is extracted into "${output}", which holds "${found}"`),
      ]);
      expect(entries()).toEqual(before);
    }
    mkdirSync(join(folder, "empty"));
    expect((await call("extract", "built/image.itb", "-o", "empty")).exitCode).toBe(0);
    expect((await call("extract", "built/image.itb", "-o", "board.ts")).stderr).toContain("XI6901");
  });

  it.each([
    ["board.ts", "it is no image that xenimg writes"],
    ["nowhere", "no such file or folder"],
    ["built/hypervisor.img", "it is an arm64 Image with nothing linked behind it"],
    ["built/system.dtb", "it is no image that xenimg writes"],
    ["short.itb", ""],
    ["short.bin", "the boot header counts"],
    ["short.img", ""],
  ])("XI7030: takes %s not apart", async (file, reason) => {
    for (const [short, whole] of [
      ["short.itb", "image.itb"],
      ["short.bin", "image.bin"],
      ["short.img", "disk.img"],
    ] as const)
      writeFileSync(join(folder, short), read(`built/${whole}`).subarray(0, -512));
    const { exitCode, stdout, stderr } = await call("extract", file, "-o", "never");
    expect([exitCode, stdout, existsSync(join(folder, "never"))]).toEqual([1, "", false]);
    expect(stderr).toContain(`error XI7030: cannot take "${file}" apart: ${reason}`);
  });
});
