import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packageRoot } from "../adapters/package.ts";
import { xenimg } from "../testing/surroundings.ts";

/** A copy of what the examples and fixtures name, where something may be written beside them. */
const root = mkdtempSync(join(tmpdir(), "xenimg-export-"));
afterAll(() => {
  rmSync(root, { recursive: true });
});

const core = ["--hypervisor", join(root, "fixtures", "files", "core.img")];
const folder = join(root, "own");

const text = (domains: string): string => `import { GiB, MiB, defineSystem } from "xenimg";
import { qemuVirt } from "xenimg/boards";
export default defineSystem({
  board: qemuVirt({ gic: 3, cpus: 2, memory: GiB(1) }),
  domains: { ${domains} },
});
`;

beforeAll(() => {
  for (const name of ["examples", "fixtures/files", "fixtures/valid"])
    cpSync(join(packageRoot, name), join(root, name), { recursive: true });
  mkdirSync(join(root, "fixtures", "guests", "build"), { recursive: true });
  cpSync(join(root, "fixtures", "files", "Image"), join(root, "fixtures", "guests", "build", "hello.bin"));
  mkdirSync(join(folder, "deep"), { recursive: true });
  cpSync(join(root, "fixtures", "files", "Image"), join(folder, "Image"));
  writeFileSync(
    join(folder, "board.ts"),
    text('ui: { kernel: "Image", bootargs: "quiet", memory: MiB(64), passthrough: ["pl031"] }'),
  );
  writeFileSync(join(folder, "weighty.ts"), text('ui: { kernel: "Image", memory: MiB(64), weight: 512 }'));
  writeFileSync(join(folder, "broken.ts"), text('ui: { kernel: "none", memory: MiB(64) }'));
});

describe("xenimg export", () => {
  it("writes the text, and beside it what it names; paths lead to the same files from there", async () => {
    const result = await xenimg(folder, "export", "board.ts", "-o", "deep/ib.cfg", ...core);
    expect(result).toEqual({ exitCode: 0, stdout: "", stderr: "" });
    expect(readdirSync(join(folder, "deep")).sort()).toEqual(["ib-ui.dtb", "ib.cfg", "ib.dtb"]);
    const written = readFileSync(join(folder, "deep", "ib.cfg"), "utf8");
    for (const line of [
      'DEVICE_TREE="ib.dtb"',
      'XEN="../../fixtures/files/core.img"',
      'DOMU_KERNEL[0]="../Image"',
      'DOMU_PASSTHROUGH_DTB[0]="ib-ui.dtb"',
    ])
      expect(written).toContain(`\n${line}\n`);
    const { stdout } = await xenimg(join(folder, "deep"), "import", "ib.cfg", "-o", "again.ts");
    expect(stdout).toBe("");
    const { stdout: fixed } = await xenimg(folder, "check", "deep/again.ts", ...core);
    expect(fixed).toContain("sound, 1 domain");
  });

  it.each([
    ["one found for each domain", "borrowers: ['control', 'ui']"],
    ["the machine's in a direct-mapped domain", "at: 0x7000_0000, borrowers: ['control', 'ui']"],
    ["one written for all", "guestAt: 0x3500_0000, borrowers: ['control', 'ui']"],
    ["one written for each", "guestAt: { control: 0x3400_0000, ui: 0x3500_0000 }, borrowers: ['ui', 'control']"],
    ["one written for one", "at: 0x7000_0000, guestAt: { ui: 0x3500_0000 }, borrowers: ['ui', 'control']"],
  ])("keeps where shared memory is seen when it is imported again: %s", async (_, share) => {
    const from = mkdtempSync(join(root, "shared-"));
    const control =
      'control: { kernel: "../own/Image", memory: [{ at: 0x6000_0000, size: MiB(64) }], directMap: true, console: "none" }';
    const system = text(`${control}, ui: { kernel: "../own/Image", memory: MiB(64) }`);
    const board = system.replace("\n});", `\n  sharedMemory: { frames: { size: MiB(2), ${share} } },\n});`);
    writeFileSync(join(from, "board.ts"), board.replace("memory: GiB(1)", "memory: GiB(2)"));
    const exported = await xenimg(from, "export", "board.ts", "-o", "ib.cfg", ...core);
    expect(exported.exitCode, exported.stderr).toBe(0);
    const imported = await xenimg(from, "import", "ib.cfg", "-o", "again.ts");
    expect(imported.exitCode, imported.stderr).toBe(0);
    const { stdout, stderr } = await xenimg(from, "diff", "board.ts", "again.ts", "--format", "json", ...core);
    expect(JSON.parse(stdout), stderr).toEqual([]);
  });

  it("makes the folder that it writes to", async () => {
    const { exitCode, stderr } = await xenimg(folder, "export", "board.ts", "-o", "new/one/ib.cfg", ...core);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(readdirSync(join(folder, "new", "one")).sort()).toEqual(["ib-ui.dtb", "ib.cfg", "ib.dtb"]);
  });

  it("prints the text without -o, and names what it has not written (XI7021)", async () => {
    const before = readdirSync(folder);
    const { exitCode, stdout, stderr } = await xenimg(folder, "export", "board.ts", ...core);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('\nDEVICE_TREE="board.dtb"\n');
    expect(stderr).toContain('warning XI7021: the text names "board.dtb", "board-ui.dtb", which only -o writes');
    expect(readdirSync(folder)).toEqual(before);
  });

  it.each(["there.cfg", "there.dtb", "there-ui.dtb"])(
    "writes nothing where %s is there already (XI7020)",
    async (name) => {
      const path = join(folder, name);
      writeFileSync(path, "mine");
      const before = readdirSync(folder);
      const { exitCode, stderr } = await xenimg(folder, "export", "board.ts", "-o", "there.cfg", ...core);
      expect(exitCode).toBe(1);
      expect(stderr).toContain(`error XI7020: "${name}" is there already, and export does not write over it`);
      expect(readdirSync(folder)).toEqual(before);
      expect(readFileSync(path, "utf8")).toBe("mine");
      rmSync(path);
    },
  );

  it("keeps a text apart from the device tree beside it, whatever it is called", async () => {
    const { exitCode } = await xenimg(folder, "export", "board.ts", "-o", "odd.dtb", ...core);
    expect(exitCode).toBe(0);
    expect(readFileSync(join(folder, "odd.dtb"), "utf8")).toContain('DEVICE_TREE="odd.dtb.dtb"');
    expect(existsSync(join(folder, "odd.dtb.dtb"))).toBe(true);
  });

  it("writes nothing of a system that it cannot say, and shows where in board.ts", async () => {
    const { exitCode, stdout, stderr } = await xenimg(folder, "export", "weighty.ts", "-o", "never.cfg", ...core);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toContain('error XI2250: weight of domain "ui" cannot be said to ImageBuilder');
    expect(stderr).toContain("weighty.ts:5:62");
    expect(readdirSync(folder).filter((name) => name.startsWith("never"))).toEqual([]);
  });

  it.each([
    [["broken.ts"], "XI2001"],
    [["board.ts", "-o", "Image/ib.cfg"], "XI6901"],
    [["board.ts", "--target", "xen@4.17"], "XI6903"],
  ])("refuses %j", async (args, code) => {
    const { exitCode, stdout, stderr } = await xenimg(folder, "export", ...args, ...(code === "XI6903" ? [] : core));
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toContain(`error ${code}`);
  });
});

describe("a system, exported and imported", () => {
  // Of a board in words of its own the tree does not have the labels.
  it.each(["examples/two-domains", "fixtures/valid/design-example"])(
    "is the same, names included: %s",
    async (name) => {
      const cwd = join(root, name);
      expect((await xenimg(cwd, "export", "board.ts", "-o", "ib.cfg", ...core)).exitCode).toBe(0);
      expect((await xenimg(cwd, "import", "ib.cfg", "-o", "again.ts")).exitCode).toBe(0);
      const { stdout, stderr } = await xenimg(cwd, "diff", "board.ts", "again.ts", "--format", "json", ...core);
      expect(stderr).toBe("");
      expect(JSON.parse(stdout)).toEqual([]);
    },
  );

  it.each(["everything", "links", "placed-links"])(
    "is refused where one owns what it shares, or sees two: %s",
    async (name) => {
      const { exitCode, stdout, stderr } = await xenimg(
        join(root, "fixtures/valid", name),
        "export",
        "board.ts",
        ...core,
      );
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
      expect(stderr).toContain("error XI2250: the owner of shared memory");
      expect(stderr).toMatch(/XI2250: shared memory ".*" cannot be said to ImageBuilder: .* see one each/);
    },
  );
});
