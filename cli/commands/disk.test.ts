import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packageRoot } from "../adapters/package.ts";
import type { Finished } from "../testing/surroundings.ts";
import { xenimgWith } from "../testing/surroundings.ts";

const folder = mkdtempSync(join(tmpdir(), "xenimg-disk-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const call = (args: readonly string[], env: Record<string, string> = {}): Promise<Finished> =>
  xenimgWith(env, folder, args);

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

describe("verify disk.img", () => {
  const partition = 2 ** 20;
  const write = (name: string, bytes: Uint8Array): string => {
    writeFileSync(join(folder, name), bytes);
    return name;
  };
  beforeAll(async () => {
    expect((await call(["keygen", "dev", "--type", "rsa2048"])).exitCode).toBe(0);
    expect((await build("separate", ["--format", "disk"])).exitCode).toBe(0);
    expect((await build("signed", ["--format", "fit,disk", "--sign", "dev.key"])).exitCode).toBe(0);
    expect((await build("unsigned", ["--format", "fit,disk"])).exitCode).toBe(0);
    // A key and three builds: a busy machine takes its time.
  }, 120_000);

  it("proves the signed FIT on it, and says what nobody verifies", async () => {
    const { exitCode, stdout } = await call(["verify", "signed/disk.img", "--key", "dev.pub"]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("signed by dev (RSA-2048): conf-1");
    expect(stdout).toContain("disk: two partition tables, one volume, 2 files; nothing else is on it");
    expect(stdout).toContain("verified by nobody at boot: boot.scr");
  });

  it("does not say of a FIT, whose signature nobody asked for, that nobody verifies it at boot", async () => {
    const { exitCode, stdout } = await call(["verify", "signed/disk.img", "--manifest", "signed/manifest.json"]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(
      "signatures not proven without --key or --cert: image.itb\nverified by nobody at boot: boot.scr\n",
    );
  });

  it("XI6104: refuses the FIT on it that nobody signed, XI6312: a disk without one", async () => {
    for (const [disk, code] of [
      ["unsigned", "XI6104"],
      ["separate", "XI6312"],
    ] as const) {
      const { exitCode, stdout, stderr } = await call(["verify", `${disk}/disk.img`, "--key", "dev.pub"]);
      expect([disk, exitCode, stdout]).toEqual([disk, 1, ""]);
      expect(stderr).toContain(code);
    }
  });

  it("compares its files with a manifest; XI6311: with another's", async () => {
    const good = await call(["verify", "separate/disk.img", "--manifest", "separate/manifest.json"]);
    expect([good.exitCode, good.stderr]).toEqual([0, ""]);
    expect(good.stdout).toContain("each file is the one that the manifest lists");
    const { exitCode, stderr } = await call(["verify", "separate/disk.img", "--manifest", "signed/manifest.json"]);
    expect(exitCode).toBe(1);
    for (const words of [
      '"image.itb" on the disk is not the manifest\'s: it is missing',
      '"boot.scr" on the disk is not the manifest\'s: it has',
      '"system.dtb" on the disk is not the manifest\'s: it is not listed',
    ])
      expect(stderr).toContain(words);
  });

  it.each(["nowhere.json", "board.ts", "load/manifest.json"])("XI6313: takes no list from %s", async (manifest) => {
    expect((await build("load", ["--format", "script"])).exitCode).toBe(0);
    const { exitCode, stderr } = await call(["verify", "separate/disk.img", "--manifest", manifest]);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("XI6313")]);
  });

  it("XI6107: refuses a byte in a gap, XI6102: one of a table, and a shorter disk", async () => {
    const changed = (at: number): Uint8Array => {
      const bytes = read("separate/disk.img");
      bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
      return bytes;
    };
    const whole = read("separate/disk.img");
    for (const [what, bytes, code] of [
      ["gap", changed(partition / 2), "XI6107"],
      ["free cluster", changed(whole.length - partition - 5), "XI6107"],
      ["table", changed(512 + 20), "XI6102"],
      ["backup", changed(whole.length - 1), "XI6107"],
      ["shorter", whole.subarray(0, whole.length - 512), "XI6102"],
    ] as const) {
      const name = write("changed.img", bytes);
      const { exitCode, stdout, stderr } = await call(["verify", name, "--manifest", "separate/manifest.json"]);
      expect([what, exitCode, stdout, stderr.match(/XI\d+/)?.[0]]).toEqual([what, 1, "", code]);
    }
  });

  it("is told from what is no disk", async () => {
    const { exitCode, stderr } = await call(["verify", "board.ts", "--manifest", "separate/manifest.json"]);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("XI6101")]);
    expect(await call(["verify", "separate/disk.img"])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("neither --key PUB nor --cert CERT is given") as string,
    });
  });
});

it("inspect lists what is on a disk", async () => {
  const { exitCode, stdout } = await call(["inspect", "separate/disk.img"]);
  expect(exitCode).toBe(0);
  expect(stdout.split("\n").map((line) => line.replace(/ +\d+ bytes +/, " "))).toEqual([
    "GPT disk, EFI system partition board, FAT32 BOARD, 4 files",
    " boot.scr",
    " hypervisor.img",
    " modules/ui-kernel",
    " system.dtb",
    "",
  ]);
});
