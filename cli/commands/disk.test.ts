import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packageRoot } from "../adapters/package.ts";
import { main } from "../program.ts";
import type { Finished } from "../testing/surroundings.ts";

const folder = mkdtempSync(join(tmpdir(), "xenimg-disk-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function call(args: readonly string[], env: Record<string, string> = {}): Promise<Finished> {
  let [stdout, stderr] = ["", ""];
  const exitCode = await main(args, {
    stdout: (text) => (stdout += text),
    stderr: (text) => (stderr += text),
    stdin: new PassThrough(),
    env,
    cwd: folder,
    interactive: false,
  });
  return { exitCode, stdout, stderr };
}

const core = ["--hypervisor", join(packageRoot, "fixtures", "files", "core.img")];
const build = (output: string, args: readonly string[], env = {}): Promise<Finished> =>
  call(["build", "board.ts", ...core, "-o", output, ...args], env);
const read = (path: string): Buffer => readFileSync(join(folder, path));

beforeAll(() => {
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
});

describe("build --format script,disk", () => {
  it("writes both, which differ in SOURCE_DATE_EPOCH alone", async () => {
    const formats = ["--format", "script,disk"];
    for (const [output, env] of [
      ["timeless", {}],
      ["again", { SOURCE_DATE_EPOCH: "" }],
      ["dated", { SOURCE_DATE_EPOCH: "1700000000" }],
    ] as const)
      expect(await build(output, formats, env)).toMatchObject({ exitCode: 0, stderr: "" });
    for (const file of ["boot.scr", "disk.img"]) {
      expect([file, read(`again/${file}`).equals(read(`timeless/${file}`))]).toEqual([file, true]);
      expect([file, read(`dated/${file}`).equals(read(`timeless/${file}`))]).toEqual([file, false]);
    }
    expect(read("dated/boot.scr").readUInt32BE(8)).toBe(1_700_000_000);
    expect(read("dated/boot.cmd").equals(read("timeless/boot.cmd"))).toBe(true);
  });

  it.each(["yesterday", "-1", "1e9", "4294967296"])("XI6303: takes no SOURCE_DATE_EPOCH=%s", async (value) => {
    const { exitCode, stderr } = await build("never", ["--format", "script"], { SOURCE_DATE_EPOCH: value });
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("XI6303")]);
  });
});

describe("build --load", () => {
  it("is in boot.cmd as it was given", async () => {
    const { exitCode } = await build("load", ["--format", "script", "--load", "dhcp; tftpboot"]);
    expect([exitCode, read("load/boot.cmd").toString()]).toEqual([0, expect.stringMatching(/^ +dhcp; tftpboot 0x/m)]);
  });

  it.each([
    [["--load", "sd"], "loads nothing without --format script"],
    [["--format", "fit,disk", "--load", "sd"], "loads nothing without --format script"],
    [["--format", "script", "--load", "load mmc 0:1\nreset"], "one line"],
    [["--format", "script", "--load", " "], "one line"],
  ])("XI6304: does not take %j", async (args, reason) => {
    const { exitCode, stderr } = await build("never", args);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("XI6304")]);
    expect(stderr).toContain(reason);
  });
});
