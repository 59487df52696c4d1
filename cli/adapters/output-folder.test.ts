import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Artifact } from "../../compiler/index.ts";
import { writeOutputFolder } from "./output-folder.ts";
import { packageRoot } from "./package.ts";

const built = join(packageRoot, "dist", "cli", "adapters", "output-folder.js");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "xenimg-output-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const text = (path: string, content: string, executable = false): Artifact => ({
  path,
  pieces: [new TextEncoder().encode(content)],
  executable,
});
const manifest = (...paths: readonly string[]): string =>
  JSON.stringify({ format: 1, xenimg: "0.0.0", outputs: paths.map((path) => ({ path })) });
const build = (mark: string): Artifact[] => [
  text("manifest.json", manifest("domains/ui/guest.dtb")),
  text("domains/ui/guest.dtb", mark),
];
const codes = async (path: string, artifacts: readonly Artifact[]): Promise<string[]> =>
  (await writeOutputFolder(path, artifacts)).map(({ code }) => code);

describe("the output folder", () => {
  it("is made with its parents, subfolders and executable files", async () => {
    const target = join(folder, "build", "board");
    expect(await codes(target, [...build("1"), text("run.sh", "#!/bin/sh", true)])).toEqual([]);
    expect(readFileSync(join(target, "domains/ui/guest.dtb"), "utf8")).toBe("1");
    expect(statSync(join(target, "run.sh")).mode & 0o111).not.toBe(0);
    expect(statSync(join(target, "manifest.json")).mode & 0o111).toBe(0);
  });

  it("is replaced whole: nothing of the earlier build stays", async () => {
    const target = join(folder, "out");
    await writeOutputFolder(target, [text("manifest.json", manifest("old")), text("old", "old")]);
    expect(await codes(target, build("2"))).toEqual([]);
    expect(readdirSync(target).sort()).toEqual(["domains", "manifest.json"]);
    expect(readFileSync(join(target, "domains/ui/guest.dtb"), "utf8")).toBe("2");
    expect(readdirSync(folder)).toEqual(["out"]);
  });

  it("is replaced behind a symbolic link, which stays", async () => {
    await writeOutputFolder(join(folder, "real"), build("1"));
    symlinkSync("real", join(folder, "link"));
    expect(await codes(join(folder, "link"), build("2"))).toEqual([]);
    expect(readFileSync(join(folder, "real", "domains/ui/guest.dtb"), "utf8")).toBe("2");
  });

  it("is not replaced where somebody has put a file of his own into it", async () => {
    await writeOutputFolder(join(folder, "out"), build("1"));
    writeFileSync(join(folder, "out", "notes.txt"), "mine");
    expect(await codes(join(folder, "out"), build("2"))).toEqual(["XI6902"]);
    expect(readFileSync(join(folder, "out", "notes.txt"), "utf8")).toBe("mine");
  });

  it("is not replaced where such a file lies deep in it", async () => {
    await writeOutputFolder(join(folder, "out"), build("1"));
    writeFileSync(join(folder, "out", "domains", "ui", "notes.txt"), "mine");
    expect(await codes(join(folder, "out"), build("2"))).toEqual(["XI6902"]);
    expect(readFileSync(join(folder, "out", "domains", "ui", "notes.txt"), "utf8")).toBe("mine");
  });

  it.each(["{}", "no JSON", '{ "name": "a web app", "outputs": 3 }', '{ "manifest_version": 3 }'])(
    "is not replaced where manifest.json is another program's: %s",
    async (content) => {
      mkdirSync(join(folder, "public"));
      writeFileSync(join(folder, "public", "manifest.json"), content);
      expect(await codes(join(folder, "public"), build("2"))).toEqual(["XI6902"]);
      expect(readdirSync(join(folder, "public"))).toEqual(["manifest.json"]);
    },
  );

  it("may be empty, but not hold files that no build wrote", async () => {
    mkdirSync(join(folder, "empty"));
    expect(await codes(join(folder, "empty"), build("1"))).toEqual([]);
    mkdirSync(join(folder, "sources"));
    writeFileSync(join(folder, "sources", "board.ts"), "mine");
    expect(await codes(join(folder, "sources"), build("1"))).toEqual(["XI6902"]);
    expect(readFileSync(join(folder, "sources", "board.ts"), "utf8")).toBe("mine");
  });

  it("leaves nothing behind where a file is in the way", async () => {
    writeFileSync(join(folder, "file"), "");
    expect(await codes(join(folder, "file"), build("1"))).toEqual(["XI6901"]);
    expect(await codes(join(folder, "file", "out"), build("1"))).toEqual(["XI6901"]);
    expect(readdirSync(folder)).toEqual(["file"]);
  });

  it("keeps the earlier build where the new one cannot be written", async () => {
    const target = join(folder, "out");
    await writeOutputFolder(target, build("1"));
    // The second file needs a folder where the first one is.
    expect(await codes(target, [...build("2"), text("manifest.json/below", "x")])).toEqual(["XI6901"]);
    expect(readFileSync(join(target, "domains/ui/guest.dtb"), "utf8")).toBe("1");
    expect(readdirSync(folder)).toEqual(["out"]);
  });

  it("says so where not even root may write", async () => {
    expect(await codes("/sys/xenimg/out", build("1"))).toEqual(["XI6901"]);
    expect(existsSync("/sys/xenimg")).toBe(false);
  });

  it("sweeps what killed builds left behind, and nothing else", async () => {
    const uuid = "01234567-89ab-4cde-8f01-23456789abcd";
    const gone = 2 ** 22 + 1; // Above any process id of Linux.
    const others = [`.out-${process.ppid}-${uuid}`, `.out-${uuid}`, `.out2-${gone}-${uuid}`, `.out-${gone}-notes`];
    for (const name of [`.out-${gone}-${uuid}`, `.out-${gone}-${uuid}-previous`, ...others])
      mkdirSync(join(folder, name));
    writeFileSync(join(folder, `.out-${gone}-${uuid}`, "part"), "");
    await writeOutputFolder(join(folder, "out"), build("1"));
    await writeOutputFolder(join(folder, "out"), build("2"));
    expect(readdirSync(folder).sort()).toEqual([...others, "out"].sort());
  });

  it("comes back where a build was killed between its renames", async () => {
    const target = join(folder, "out");
    await writeOutputFolder(target, build("1"));
    renameSync(target, join(folder, `.out-${2 ** 22 + 1}-01234567-89ab-4cde-8f01-23456789abcd-previous`));
    // This build fails, too.
    expect(await codes(target, [text("x", ""), text("x/y", "")])).toEqual(["XI6901"]);
    expect(readFileSync(join(target, "domains/ui/guest.dtb"), "utf8")).toBe("1");
  });

  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("is as it was where %s stops the build", async (signal) => {
    const script = `import { writeOutputFolder } from ${JSON.stringify(built)};
const pieces = new Proxy([], { get: (_, name) => name === Symbol.iterator ? function* () {
  process.kill(process.pid, ${JSON.stringify(signal)}); for (let i = 0; i < 1e5; i += 1) yield new Uint8Array(4096);
} : undefined });
await writeOutputFolder("deep/out", [{ path: "image.bin", pieces, executable: false }]);`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], { cwd: folder, stdio: "inherit" });
    const [code, ended] = (await once(child, "exit")) as [number | null, string | null];
    expect([code, ended]).toEqual([null, signal]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("removes the parents that it made for a build that failed", async () => {
    expect(await codes(join(folder, "a", "b", "out"), [text("x", ""), text("x/y", "")])).toEqual(["XI6901"]);
    expect(readdirSync(folder)).toEqual([]);
  });
});

it("a build that fails leaves the folder that another has made meanwhile beside its own", async () => {
  const neighbour = join(folder, "build", "b");
  const failing: Artifact = {
    path: "x",
    executable: false,
    get pieces(): Artifact["pieces"] {
      mkdirSync(neighbour, { recursive: true });
      throw new Error("no more room");
    },
  };
  const diagnostics = await writeOutputFolder(join(folder, "build", "a"), [failing]);
  expect(diagnostics.map(({ code }) => code)).toEqual(["XI6901"]);
  expect(readdirSync(join(folder, "build"))).toEqual(["b"]);
});

it("an artifact's runs of zeros read as zeros, at its end too", async () => {
  const pieces = [Uint8Array.of(1), { zeros: 5000 }, Uint8Array.of(2), { zeros: 3 }];
  await writeOutputFolder(join(folder, "out"), [{ path: "image.bin", pieces, executable: false }]);
  const bytes = readFileSync(join(folder, "out", "image.bin"));
  expect(bytes.length).toBe(5005);
  expect([bytes[0], bytes[1], bytes[5001], bytes[5004]]).toEqual([1, 0, 2, 0]);
  expect(bytes.subarray(1, 5001).every((byte) => byte === 0)).toBe(true);
});
