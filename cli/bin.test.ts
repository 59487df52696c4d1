import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { packageRoot } from "./adapters/package.ts";

it("ends as it would have, where its reader has seen enough", async () => {
  const child = spawn(process.execPath, [join(packageRoot, "dist", "cli", "bin.js"), "explain", "XI4001"]);
  child.stdout.destroy();
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  expect(await once(child, "close")).toEqual([0, null]);
  expect(stderr).toBe("");
});

describe("the code that runs", () => {
  let folder: string;
  const put = (path: string, text: string, seconds: number): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
    utimesSync(join(folder, path), seconds, seconds);
  };
  const says = (): string =>
    execFileSync(process.execPath, [join(folder, "dist", "cli", "bin.js")], { encoding: "utf8" });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "xenimg-bin-"));
    for (const path of ["package.json", "dist/cli/bin.js", "dist/cli/adapters/package.js"])
      cpSync(join(packageRoot, path), join(folder, path));
    put("dist/cli/start.js", `console.log("as compiled")`, 1000);
    put("dist/.tsbuildinfo", "{}", 1000);
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("is what the compiler left, where nobody made a bundle", () => {
    expect(says()).toBe("as compiled\n");
  });

  it("is the bundle, where nothing in it has changed since", () => {
    put("dist/bundle/cli/start.js", `console.log("bundled")`, 1000);
    expect(says()).toBe("bundled\n");
  });

  it.each(["dist/.tsbuildinfo", "compiler/dtc-js/dist/.tsbuildinfo", "node_modules/.package-lock.json"])(
    "is not the bundle, where %s is newer",
    (path) => {
      put("dist/bundle/cli/start.js", `console.log("bundled")`, 1000);
      put(path, "{}", 1001);
      expect(says()).toBe("as compiled\n");
    },
  );
});
