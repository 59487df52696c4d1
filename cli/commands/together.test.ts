import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packageRoot } from "../adapters/package.ts";
import type { Finished } from "../testing/surroundings.ts";
import { xenimg } from "../testing/surroundings.ts";

const folder = mkdtempSync(join(tmpdir(), "xenimg-together-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const call = (...args: readonly string[]): Promise<Finished> => xenimg(folder, ...args);
const core = ["--hypervisor", join(packageRoot, "fixtures", "files", "core.img")];
const build = (...args: readonly string[]): Promise<Finished> => call("build", ...args, ...core);
const read = (path: string): Buffer => readFileSync(join(folder, path));
const json = (path: string): unknown => JSON.parse(read(path).toString());

/** A system; `safe` is one with another command line. */
const board = (kernel: string, memory: string, vcpus = 2): string => `import { MiB, defineSystem } from "xenimg";
import { qemuVirt } from "xenimg/boards";

const system = (bootargs: string) =>
  defineSystem({
    board: qemuVirt({ gic: 3, cpus: ${vcpus}, memory: "${memory}" }),
    domains: { ui: { kernel: "${kernel}", bootargs, memory: MiB(64) } },
  });
export default system("quiet");
export const safe = system("single");
`;

beforeAll(async () => {
  copyFileSync(join(packageRoot, "fixtures", "files", "Image"), join(folder, "Image"));
  mkdirSync(join(folder, "other"));
  for (const [path, text] of [
    ["board.ts", board("Image", "1GiB")],
    ["other/board.ts", board("../Image", "1GiB")],
    ["other/large.ts", board("../Image", "2GiB", 4)],
    ["two words.ts", board("Image", "1GiB")],
    ["broken.ts", board("nowhere", "1GiB")],
  ] as const)
    writeFileSync(join(folder, path), text);
  expect((await call("keygen", "dev", "--type", "rsa2048")).exitCode).toBe(0);
  const args = ["board.ts", "board.ts#safe", "other/large.ts", "--format", "fit", "--sign", "dev.key", "-o", "out"];
  expect(await build(...args)).toMatchObject({ exitCode: 0, stderr: "" });
  // A key and three systems: a busy machine takes its time.
}, 120_000);

describe("build of several configurations", () => {
  it("makes one FIT of them, named like files and exports, the first one the default", async () => {
    const { stdout } = await call("inspect", "out/image.itb");
    expect(stdout.split("\n").flatMap((line) => /^ {2}configuration (.*)/.exec(line)?.[1] ?? [])).toEqual([
      "board: hypervisor, device-tree, ui-kernel",
      "board-safe: hypervisor, device-tree-2, ui-kernel",
      "large: hypervisor, device-tree-3, ui-kernel",
    ]);
    const { exitCode, stdout: trust } = await call("verify", "out/image.itb", "--key", "dev.pub");
    expect([exitCode, trust]).toEqual([0, expect.stringContaining("(RSA-2048): board, board-safe, large with")]);
  });

  it("has what they share once, and of each the files that a build of it alone writes", async () => {
    const { stdout } = await call("extract", "out/image.itb", "--list");
    expect(stdout.match(/ui-kernel|hypervisor/g)).toEqual(["hypervisor", "ui-kernel"]);
    for (const [config, name, at] of [
      ["board.ts", "board", ""],
      ["board.ts#safe", "board-safe", "configurations/board-safe/"],
      ["other/large.ts", "large", "configurations/large/"],
    ] as const) {
      expect((await build(config, "--format", "fit", "-o", `alone/${name}`)).exitCode).toBe(0);
      for (const file of ["system.dtb", "map.txt", "domains/ui/guest.dtb", "modules/ui-kernel"])
        expect([name, file, read(`out/${at}${file}`).equals(read(`alone/${name}/${file}`))]).toEqual([
          name,
          file,
          true,
        ]);
    }
  });

  it("lists each in the one manifest that is signed, by its own manifest", async () => {
    const { outputs } = json("out/manifest.json") as { readonly outputs: readonly { readonly path: string }[] };
    const paths = outputs.map(({ path }) => path);
    for (const name of ["board-safe", "large"]) {
      expect(paths).toContain(`configurations/${name}/manifest.json`);
      expect(json(`out/configurations/${name}/manifest.json`)).toMatchObject({ name });
    }
    expect(await call("verify", "out/manifest.json", "--key", "dev.pub")).toMatchObject({ exitCode: 0 });
    // The next build takes the folder for its own.
    const again = ["board.ts", "board.ts#safe", "other/large.ts", "--format", "fit", "--sign", "dev.key", "-o", "out"];
    const before = read("out/image.itb");
    expect((await build(...again)).exitCode).toBe(0);
    expect(read("out/image.itb").equals(before)).toBe(true);
  });

  it("keeps what each chose in the lock file of its folder", () => {
    const systems = (path: string): readonly string[] =>
      Object.keys((json(path) as { readonly systems: Record<string, unknown> }).systems);
    expect(systems("xenimg.lock.json")).toEqual(["board", "board-safe"]);
    expect(systems("other/xenimg.lock.json")).toEqual(["large"]);
  });

  it("has a disk whose script tries one after the other", async () => {
    expect((await build("board.ts", "board.ts#safe", "--format", "fit,disk", "-o", "disk")).exitCode).toBe(0);
    expect((await call("extract", "disk/disk.img", "boot.scr", "-o", "script")).exitCode).toBe(0);
    expect(read("script/boot.scr").toString("latin1")).toMatch(
      /^ {2}bootm (0x[0-9a-f]+)#board \|\| bootm \1#board-safe$/m,
    );
  });

  it.each([
    [[], "raw"],
    [["--format", "fit,raw"], "raw"],
    [["--format", "fit,uefi"], "uefi"],
    [["--format", "fit,script"], "script"],
    [["--format", "disk"], "disk"],
  ])("XI6042: is refused for what holds one system, %j", async (args, format) => {
    const { exitCode, stderr } = await build("board.ts", "board.ts#safe", ...args, "-o", "never");
    expect([exitCode, existsSync(join(folder, "never"))]).toEqual([1, false]);
    expect(stderr).toContain(`error XI6042: several configurations are for one FIT, and --format ${format} holds one`);
  });

  it.each([
    [["board.ts", "board.ts"], "fit", 'XI6044: two configurations are called "board"'],
    [["board.ts", "other/board.ts"], "fit", 'XI6044: two configurations are called "board"'],
    [["board.ts", "two words.ts"], "fit", 'XI6043: "two words" cannot name a configuration'],
    [["board.ts", "other/large.ts"], "fit,disk", 'XI6045: "large" is for another board than "board"'],
    [["board.ts", "broken.ts"], "fit", 'XI2001: the kernel "nowhere" does not exist'],
    [["broken.ts", "board.ts"], "fit", 'XI2001: the kernel "nowhere" does not exist'],
  ])("refuses %j as %s, and writes nothing", async (configs, format, words) => {
    const lock = read("xenimg.lock.json");
    const { exitCode, stdout, stderr } = await build(...configs, "--format", format, "-o", "never");
    expect([exitCode, stdout, existsSync(join(folder, "never"))]).toEqual([1, "", false]);
    expect(stderr).toContain(words);
    expect(read("xenimg.lock.json").equals(lock)).toBe(true);
  });
});
