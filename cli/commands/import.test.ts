import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { qemuVirt } from "../../boards/index.ts";
import { xenimg } from "../testing/surroundings.ts";

const config = `DEVICE_TREE="virt.dtb"
NUM_DOMUS=1
DOMU_KERNEL[0]="guest/Image"
DOMU_CMD[0]="quiet"
`;
const text = (folder: string): string => `import { GiB, MiB, defineSystem } from "xenimg";
import { qemuVirt } from "xenimg/boards";

export default defineSystem({
  board: qemuVirt({ gic: 2, cpus: 2, memory: GiB(1) }),
  hypervisor: { bootargs: "console=dtuart bootscrub=0 vwfi=native sched=null" },
  domains: {
    domU0: { kernel: "${folder}guest/Image", bootargs: "quiet", memory: MiB(512) },
  },
});
`;

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "xenimg-import-"));
  writeFileSync(join(cwd, "config"), config);
  writeFileSync(join(cwd, "virt.dtb"), qemuVirt({ gic: 2, cpus: 2, memory: 2 ** 30 }).deviceTree);
  writeFileSync(join(cwd, "wrong"), 'A="$(date)"\n');
  writeFileSync(join(cwd, "noise"), new Uint8Array([0, 255, 1]));
  writeFileSync(join(cwd, "prose"), "Dear reader,\n");
  mkdirSync(join(cwd, "deep", "er"), { recursive: true });
  writeFileSync(join(cwd, "ui.cfg"), 'name = "ui"; kernel = "guest/Image"; memory = 64; maxmem = 128\n');
  writeFileSync(join(cwd, "deep", "store.cfg"), "name = 'store'\nkernel = '/srv/Image'\nmemory = 64\n");
});
afterAll(() => {
  rmSync(cwd, { recursive: true });
});

describe("xenimg import", () => {
  it("prints a board.ts that fits beside the file", async () => {
    expect(await xenimg(cwd, "import", "config")).toEqual({ exitCode: 0, stdout: text(""), stderr: "" });
  });

  it("writes it with -o, and has paths lead to the same files from there", async () => {
    const { exitCode, stdout } = await xenimg(cwd, "import", "config", "-o", "deep/er/board.ts");
    expect([exitCode, stdout]).toEqual([0, ""]);
    expect(readFileSync(join(cwd, "deep", "er", "board.ts"), "utf8")).toBe(text("../../"));
  });

  it("makes one board.ts of several xl.cfg, with paths that lead to each one's files from there", async () => {
    const files = ["ui.cfg", "deep/store.cfg", "--device-tree", "virt.dtb", "-o", "deep/both.ts"];
    const { exitCode, stderr } = await xenimg(cwd, "import", ...files);
    expect(exitCode).toBe(0);
    expect(stderr).toContain("warning XI2207: maxmem is not taken over");
    expect(stderr).toContain("--> ui.cfg:1:51");
    expect(readFileSync(join(cwd, "deep", "both.ts"), "utf8")).toContain(`  domains: {
    ui: { kernel: "../guest/Image", memory: MiB(64) },
    store: { kernel: "/srv/Image", memory: MiB(64) },
  },
`);
  });

  it("says of each file that it cannot read which it is", async () => {
    const { exitCode, stderr } = await xenimg(cwd, "import", "a.cfg", "ui.cfg", "b.cfg", "--device-tree", "c.dtb");
    expect(exitCode).toBe(1);
    for (const what of ['file to import "a.cfg"', 'file to import "b.cfg"', 'device tree "c.dtb"'])
      expect(stderr).toContain(`XI2001: the ${what} does not exist`);
  });

  it("wants to know the board of an xl.cfg (XI2264)", async () => {
    const { exitCode, stderr } = await xenimg(cwd, "import", "ui.cfg");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("error XI2264: an xl.cfg does not say which board its domain is for\n  --> ui.cfg:1:1");
    expect(stderr).toContain("--device-tree board.dtb");
  });

  it("writes over nothing (XI2240)", async () => {
    const { exitCode, stderr } = await xenimg(cwd, "import", "config", "-o", "virt.dtb");
    expect(exitCode).toBe(1);
    expect(stderr).toContain('error XI2240: "virt.dtb" is there already, and import does not write over it');
    expect(readFileSync(join(cwd, "virt.dtb")).subarray(0, 2)).toEqual(Buffer.from([0xd0, 0x0d]));
  });

  it("writes nothing where the file cannot be imported, and says where", async () => {
    const { exitCode, stdout, stderr } = await xenimg(cwd, "import", "wrong", "-o", "never.ts");
    expect([exitCode, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("error XI2202: a command after $( would be run, and import runs nothing\n  --> wrong:1:4");
    expect(readdirSync(cwd).filter((name) => name.startsWith("never"))).toEqual([]);
  });

  it("says that it cannot write where it cannot", async () => {
    const { exitCode, stderr } = await xenimg(cwd, "import", "config", "-o", "config/board.ts");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("XI6901");
  });

  it.each([
    ["missing", 'XI2001: the file to import "missing" does not exist'],
    ["deep", "XI2002: "],
    ["noise", 'XI2201: "noise" cannot be imported: it is neither text nor a device tree blob'],
    ["prose", "cannot be imported: no line of it is one of a format that is known"],
  ])("refuses %s", async (name, expected) => {
    const { exitCode, stdout, stderr } = await xenimg(cwd, "import", name);
    expect([exitCode, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(expected);
  });
});
