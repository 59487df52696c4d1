import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { root, temporaryFolder } from "./testing/paths.ts";

const made = temporaryFolder("npm-package");
const source = join(made, "house", "compiler", "dtc-js");
const home = join(made, "consumer");
const installed = join(home, "node_modules", "dtc-js");

/** A clean copy of the package's sources, as a fresh clone has them, so that nothing of an older build is packed. */
function copySources(): void {
  cpSync(join(root, "compiler", "dtc-js"), source, {
    recursive: true,
    filter: (path) => !/[\\/](?:dist|node_modules|corpus)$/.test(path),
  });
  cpSync(join(root, "tsconfig.base.json"), join(made, "house", "tsconfig.base.json"));
  symlinkSync(join(root, "node_modules"), join(made, "house", "node_modules"));
}

/** npm that reaches no registry, and whose cache is empty. */
function npm(folder: string, ...args: readonly string[]): string {
  const settings = { npm_config_cache: join(made, "cache"), npm_config_offline: "true" };
  const options = { cwd: folder, stdio: "pipe" as const, env: { ...process.env, ...settings }, timeout: 280_000 };
  return execFileSync("npm", [...args, "--silent", "--no-audit", "--no-fund"], options).toString();
}

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true, encoding: "utf8" })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

const packageJson = (): Record<string, unknown> =>
  JSON.parse(readFileSync(join(installed, "package.json"), "utf8")) as Record<string, unknown>;

/** Each module that importing `entry` loads, and what these import that is no file of the package. */
function reachable(entry: string): { readonly files: readonly string[]; readonly outside: readonly string[] } {
  const files = [entry];
  const outside: string[] = [];
  for (const file of files) {
    const text = readFileSync(file, "utf8");
    for (const [, name = ""] of text.matchAll(/^(?:import|export)\b(?:[^;"'=]*\bfrom)?\s*["']([^"']+)["'];/gm)) {
      if (!name.startsWith(".")) outside.push(name);
      else if (!files.includes(join(dirname(file), name))) files.push(join(dirname(file), name));
    }
    for (const [call] of text.matchAll(/\b(?:import|require|getBuiltinModule)\(|\bprocess\.|\bBuffer\./g)) {
      outside.push(`${call} in ${file}`);
    }
  }
  return { files, outside };
}

const consumer = `
import { decode, encode, findNode, parse, print, type DeviceTree, type Diagnostic } from "dtc-js";

const { value, diagnostics } = parse("/dts-v1/; / { uart@9000000 { reg = <0x9000000 0x1000>; }; };");
export const problems: readonly Diagnostic[] = diagnostics;
export const tree: DeviceTree | undefined = value;
if (value) {
  const decoded = decode(encode(value));
  const text: string = decoded.ok ? print(decoded.value) : decoded.diagnostics[0].message;
  globalThis.console?.log(text, findNode(value, "/uart")?.name);
}
// @ts-expect-error a property of a tree cannot be written
if (value) value.root = value.root;
`;

/** What tsc says of the consumer; nothing where the types fit. */
function typeCheck(module: string, resolution: string): string {
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const options = ["--noEmit", "--strict", "--target", "es2023", "--lib", "es2023"];
  const args = [tsc, ...options, "--module", module, "--moduleResolution", resolution, "consumer.ts"];
  return spawnSync(process.execPath, args, { cwd: home, timeout: 120_000 }).stdout.toString();
}

/** A command as the shell finds it below node_modules/.bin. */
function command(name: string, args: readonly string[], input = ""): { code: number | null; out: string } {
  const run = spawnSync(join(home, "node_modules", ".bin", name), args, { cwd: home, input, timeout: 60_000 });
  return { code: run.status, out: run.stdout.toString("latin1") };
}

describe("the npm package dtc-js", { timeout: 300_000 }, () => {
  beforeAll(() => {
    mkdirSync(home, { recursive: true });
    copySources();
    npm(source, "pack", "--pack-destination", home);
    const tarball = readdirSync(home).find((name) => name.endsWith(".tgz"));
    writeFileSync(join(home, "package.json"), '{ "name": "consumer", "private": true, "type": "module" }\n');
    npm(home, "install", `./${tarball ?? "missing"}`);
    writeFileSync(
      join(home, "consumer.ts"),
      `declare global { var console: { log(...what: unknown[]): void } | undefined; }${consumer}`,
    );
  }, 300_000);

  it("installs alone, without a registry", () => {
    expect(readdirSync(join(home, "node_modules")).filter((name) => !name.startsWith("."))).toEqual(["dtc-js"]);
    expect(Object.keys(packageJson()).filter((key) => /dependencies/i.test(key))).toEqual([]);
  });

  it("holds library, commands, types, README, docs, LICENSE and CHANGELOG, and nothing else", () => {
    const files = filesBelow(installed);
    expect(files).toEqual(expect.arrayContaining(["CHANGELOG.md", "LICENSE", "README.md", "dist/index.d.ts"]));
    const others = files.filter((file) => !/^(?:dist\/.*\.(?:js|d\.ts)|docs\/.*\.md)$/.test(file));
    expect(others).toEqual(["CHANGELOG.md", "LICENSE", "README.md", "package.json"]);
    expect(files.filter((file) => /test|corpus|playground|\.map$/.test(file))).toEqual([]);
  });

  it("says in package.json what npm shows and bundlers ask", () => {
    const said = packageJson();
    expect(said).toMatchObject({ type: "module", license: "Apache-2.0", sideEffects: ["./dist/bin/*.js"] });
    expect(String(said["description"]).length).toBeGreaterThan(20);
    expect((said["keywords"] as readonly string[]).length).toBeGreaterThan(4);
    for (const path of Object.values(said["bin"] as Record<string, string>)) {
      expect(readFileSync(join(installed, path), "utf8").startsWith("#!/usr/bin/env node\n"), path).toBe(true);
    }
  });

  it("reaches no Node built-in and no other package from the library's entry", () => {
    const { files, outside } = reachable(join(installed, "dist", "index.js"));
    expect(outside).toEqual([]);
    expect(files.length).toBeGreaterThan(30);
    // The same walk finds what the commands import.
    expect(reachable(join(installed, "dist", "bin", "dtc.js")).outside).toContain("node:fs");
  });

  it("is imported as an ES module", () => {
    const script = `import * as api from "dtc-js"; console.log(api.encode(api.parse("/dts-v1/; / { };").value).length);`;
    const args = ["--input-type=module", "-e", script];
    const run = spawnSync(process.execPath, args, { cwd: home, timeout: 60_000 });
    expect(run.stderr.toString()).toBe("");
    expect(run.stdout.toString()).toBe("72\n");
  });

  it.each([
    ["esnext", "bundler"],
    ["nodenext", "nodenext"],
  ])("has types for module %s with resolution %s", (module, resolution) => {
    expect(typeCheck(module, resolution)).toBe("");
  });

  it("brings each command, ready to run", () => {
    writeFileSync(join(home, "a.dts"), '/dts-v1/; / { model = "A"; };');
    writeFileSync(join(home, "o.dts"), '/dts-v1/; /plugin/; &{/} { model = "B"; };');
    expect(command("dtc", ["-q", "-o", "a.dtb", "a.dts"])).toEqual({ code: 0, out: "" });
    expect(command("dtc-batch", ["-q"], "o.dts o.dtb\n")).toEqual({ code: 0, out: "" });
    expect(command("fdtget", ["a.dtb", "/", "model"])).toEqual({ code: 0, out: "A\n" });
    expect(command("fdtput", ["-t", "s", "a.dtb", "/", "model", "C"])).toEqual({ code: 0, out: "" });
    expect(command("fdtdump", ["a.dtb"]).out).toContain('model = "C";');
    expect(command("fdtoverlay", ["-i", "a.dtb", "-o", "b.dtb", "o.dtb"])).toEqual({ code: 0, out: "" });
    expect(command("fdtget", ["b.dtb", "/", "model"])).toEqual({ code: 0, out: "B\n" });
    const bins = Object.keys(packageJson()["bin"] as object).sort();
    expect(bins).toEqual(["dtc", "dtc-batch", "fdtdump", "fdtget", "fdtoverlay", "fdtput"]);
  });
});
