import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { describeMachine } from "./machine.mjs";
import { describeMissing, needs } from "./needs.mjs";
import { sameVersions } from "./node-modules.mjs";

describe("the machine", () => {
  it("is recognised as Debian or one of its children", () => {
    expect(describeMachine('ID=debian\nVERSION_ID="12"\n', true)).toEqual({
      id: "debian",
      version: "12",
      debianLike: true,
    });
    expect(describeMachine('ID=ubuntu\nID_LIKE=debian\nVERSION_ID="24.04"\n', true).debianLike).toBe(true);
    expect(describeMachine('ID=pop\nID_LIKE="ubuntu debian"\n', true).debianLike).toBe(true);
  });

  it("is not taken for Debian by name or by apt alone", () => {
    expect(describeMachine("ID=debian\n", false).debianLike).toBe(false);
    expect(describeMachine("ID=fedora\n", true).debianLike).toBe(false);
    expect(describeMachine("", true).debianLike).toBe(false);
  });
});

describe("npm packages", () => {
  const wanted = {
    packages: { "": {}, "node_modules/a": { version: "1" }, "node_modules/b": { version: "2", optional: true } },
  };

  it("are complete when each has the lock file's version; other machines' optional ones may lack", () => {
    expect(sameVersions(wanted, { packages: { "node_modules/a": { version: "1" } } })).toBe(true);
  });

  it("are not complete when one is missing or has another version", () => {
    expect(sameVersions(wanted, undefined)).toBe(false);
    expect(sameVersions(wanted, { packages: {} })).toBe(false);
    expect(sameVersions(wanted, { packages: { "node_modules/a": { version: "2" } } })).toBe(false);
  });
});

describe("set-up on a machine that is not Debian-like", () => {
  /** A PATH that holds Node and nothing else: no apt, no compiler, no QEMU. */
  const bare = mkdtempSync(join(tmpdir(), "xenimg-bare-"));
  symlinkSync(process.execPath, join(bare, "node"));
  afterAll(() => {
    rmSync(bare, { recursive: true });
  });

  it("names each missing tool and where to get it, and exits 3", () => {
    const script = join(dirname(fileURLToPath(import.meta.url)), "..", "setup.mjs");
    const result = spawnSync(process.execPath, [script, "demo"], { env: { PATH: bare }, encoding: "utf8" });
    expect(result.status).toBe(3);
    for (const tool of ["make", "aarch64-linux-gnu-gcc", "qemu-system-aarch64"])
      expect(result.stderr).toContain(`  ${tool} `);
    expect(result.stderr).toContain("Debian: qemu-system-arm");
    expect(result.stderr).not.toContain("clang");
  });
});

it("each need says where Debian and others have it", () => {
  const lines = describeMissing(needs).split("\n");
  expect(lines).toHaveLength(2 * needs.length);
  expect(lines.filter((line) => /Debian: \S+.*; \S/.test(line))).toHaveLength(needs.length);
});
