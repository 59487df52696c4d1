import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { packageRoot } from "../adapters/package.ts";
import type { Finished } from "../testing/surroundings.ts";
import { xenimg } from "../testing/surroundings.ts";

const folder = mkdtempSync(join(tmpdir(), "xenimg-system-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const files = join(packageRoot, "fixtures", "files");
const core = ["--hypervisor", join(files, "core.img")];
const lock = join(folder, "xenimg.lock.json");

function system(memory: string, ...more: readonly string[]): void {
  writeFileSync(
    join(folder, "board.ts"),
    `import { GiB, MiB, defineSystem } from "xenimg";
import { qemuVirt } from "xenimg/boards";
export default defineSystem((parameters) => ({
  board: qemuVirt({ gic: 3, cpus: 2, memory: GiB(1) }),
  domains: { ui: { kernel: parameters["kernel"] ?? "Image", memory: ${memory} }${more.join("")} },
}));
`,
  );
}

beforeEach(() => {
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
  copyFileSync(join(files, "Image"), join(folder, "Image"));
  system("MiB(64)");
});

describe("check", () => {
  it("says that a system is sound, and writes nothing", async () => {
    const before = readdirSync(folder);
    const finished = await xenimg(folder, "check", "board.ts", ...core);
    expect(finished).toEqual({ exitCode: 0, stdout: "board.ts: sound, 1 domain\n", stderr: "" });
    expect(readdirSync(folder)).toEqual(before);
  });

  it("hands parameters to the configuration", async () => {
    const { exitCode, stderr } = await xenimg(folder, "check", "board.ts", ...core, "--set", "kernel=other");
    expect(exitCode).toBe(1);
    expect(stderr).toContain('"other"');
  });

  it("shows the file of a configuration that is JSON", async () => {
    writeFileSync(join(folder, "board.json"), "{}\n");
    const { stderr } = await xenimg(folder, "check", "board.json", ...core);
    expect(stderr).toContain("  --> board.json:1:1\n");
  });

  it("shows the line of a mistake, from wherever it is called", async () => {
    mkdirSync(join(folder, "sub"));
    system("GiB(64)");
    const { exitCode, stderr } = await xenimg(join(folder, "sub"), "check", "../board.ts", ...core);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("  --> ../board.ts:5:");
  });

  it("says what is missing where there is no hypervisor image", async () => {
    const { exitCode, stderr } = await xenimg(folder, "check", "board.ts", "--hypervisor", "nowhere.img");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("nowhere.img");
  });
});

describe("the lock file", () => {
  it.each([
    [
      "a device",
      () => {
        symlinkSync("/dev/zero", lock);
      },
      "it is no regular file",
    ],
    [
      "a folder",
      () => {
        mkdirSync(lock);
      },
      "it is a folder",
    ],
  ])("XI2101: is refused where it is %s", async (_what, make, reason) => {
    make();
    const { exitCode, stderr } = await xenimg(folder, "check", "board.ts", ...core);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`error XI2101: xenimg.lock.json cannot be used: ${reason}`);
    expect((await xenimg(folder, "check", "board.ts", ...core, "--relock")).exitCode).toBe(0);
  });
});

describe("build", () => {
  const build = (...args: readonly string[]): Promise<Finished> =>
    xenimg(folder, "build", "board.ts", ...core, ...args);

  it("writes the output folder and the lock file, and lists what it wrote", async () => {
    const { exitCode, stdout } = await build();
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^build\/board\/image.bin {2}/m);
    expect(readdirSync(join(folder, "build", "board"))).toContain("manifest.json");
    expect(JSON.parse(readFileSync(lock, "utf8"))).toBeTypeOf("object");
  });

  it("leaves nothing behind, not even a lock file, where something is wrong", async () => {
    system("GiB(64)");
    const before = readdirSync(folder);
    expect((await build()).exitCode).toBe(1);
    expect(readdirSync(folder)).toEqual(before);
  });

  it("leaves nothing behind where the output folder cannot be written", async () => {
    const before = readdirSync(folder);
    const { exitCode, stderr } = await build("-o", "Image/out");
    expect(exitCode).toBe(1);
    expect(stderr).toContain('error XI6901: cannot write "Image/out": a part of the path is a file, not a folder');
    expect(readdirSync(folder)).toEqual(before);
  });

  it("refuses to replace a folder of somebody else", async () => {
    mkdirSync(join(folder, "mine"));
    writeFileSync(join(folder, "mine", "thesis.tex"), "years");
    const { stderr } = await build("-o", "mine");
    expect(stderr).toContain('error XI6902: the output folder "mine" holds "thesis.tex"');
    expect(readdirSync(join(folder, "mine"))).toEqual(["thesis.tex"]);
  });

  it("does not take the core for upstream Xen", async () => {
    const { exitCode, stderr } = await xenimg(folder, "build", "board.ts", "--target", "xen@4.17");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("error XI6903: there is no hypervisor for xen@4.17");
    expect((await build("--target", "xen@4.17")).stderr).not.toContain("XI6903");
  });

  it("keeps the lock file as it is when nothing changed", async () => {
    await build();
    const first = readFileSync(lock, "utf8");
    await build();
    expect(readFileSync(lock, "utf8")).toBe(first);
  });
});

describe("a variant", () => {
  const variants = `import { GiB, MiB, defineSystem } from "xenimg";
import { qemuVirt } from "xenimg/boards";
const board = qemuVirt({ gic: 3, cpus: 2, memory: GiB(1) });
const build = (memory: number) => defineSystem({ board, domains: { ui: { kernel: "Image", memory } } });
export const debug = build(MiB(64));
export const large = defineSystem({ board, domains: { ui: { kernel: "Image", memory: GiB(64) } } });
`;
  beforeEach(() => {
    writeFileSync(join(folder, "board.ts"), variants);
  });

  it("is built by its name, into a folder of its own, with a part of its own in the lock file", async () => {
    const { exitCode, stdout } = await xenimg(folder, "build", "board.ts#debug", ...core);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^build\/board-debug\/image.bin {2}/m);
    expect(Object.keys((JSON.parse(readFileSync(lock, "utf8")) as { systems: object }).systems)).toEqual([
      "board-debug",
    ]);
  });

  it("has its own place in the text for what is wrong with it", async () => {
    const { exitCode, stderr } = await xenimg(folder, "check", "board.ts#large", ...core);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("  --> board.ts:6:");
  });

  it("XI1023: is told where there is none of that name", async () => {
    const { exitCode, stderr } = await xenimg(folder, "check", "board.ts#debgu", ...core);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('error XI1023: the configuration has no variant "debgu"');
    expect(stderr).toContain('did you mean "debug"?');
  });
});
