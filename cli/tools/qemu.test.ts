import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { QemuEnding } from "./qemu.ts";
import { runQemu } from "./qemu.ts";

const qemu = "qemu-system-aarch64";

/** A folder that comes first in PATH, with a stand-in for QEMU. */
const folder = mkdtempSync(join(tmpdir(), "xenimg-qemu-"));
const path = process.env["PATH"];
beforeAll(() => {
  process.env["PATH"] = `${folder}${delimiter}${path ?? ""}`;
});
afterEach(() => {
  process.env["PATH"] = `${folder}${delimiter}${path ?? ""}`;
});
afterAll(() => {
  process.env["PATH"] = path;
  rmSync(folder, { recursive: true });
});

interface Run {
  readonly ending: QemuEnding;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a shell script in QEMU's place; it leaves its process id in a file. */
async function run(script: string, expects: readonly string[] = [], seconds = 20, input?: Buffer): Promise<Run> {
  const program = join(folder, qemu);
  writeFileSync(program, `#!/bin/sh\necho $$ > "${folder}/pid"\n${script}\n`);
  chmodSync(program, 0o755);
  let stdout = "";
  let stderr = "";
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined });
  if (input !== undefined) stdin.write(input);
  const ending = await runQemu(
    { program: qemu, args: ["-smp", "2"], domains: ["control", "ui"], expects, seconds },
    {
      stdout: (text) => (stdout += text),
      stderr: (text) => (stderr += text),
      stdin,
      env: {},
      cwd: folder,
      interactive: false,
    },
  );
  return { ending, stdout, stderr };
}

const isRunning = (): boolean => {
  try {
    return process.kill(Number(readFileSync(join(folder, "pid"), "utf8")), 0);
  } catch {
    return false;
  }
};

describe("a run", () => {
  it("ends well as soon as every text was seen, and ends QEMU", async () => {
    const { ending, stdout } = await run(`echo "(d2 ui) ready"; echo "(d1 control) up 1"; exec sleep 60`, [
      "[ui] ready",
      "up",
    ]);
    expect(ending).toEqual({ kind: "all-seen" });
    expect(stdout).toBe("[ui] ready\n[control] up 1\n");
    expect(isRunning()).toBe(false);
  });

  it("takes a text that names its speaker from that speaker alone", async () => {
    const { ending } = await run(`echo "(d2 ui) x [control] ready"; echo "(d1 control) not yet ready"`, [
      "[control] ready",
    ]);
    expect(ending).toEqual({ kind: "ended", unseen: ["[control] ready"] });
    const kernel = `echo "(d1 control) [    0.000000] Booting Linux"; exec sleep 60`;
    expect((await run(kernel, ["[    0.000000] Booting"])).ending).toEqual({ kind: "all-seen" });
  });

  it("sees a text in a prompt that no line end follows", async () => {
    const { ending } = await run(`printf "(d1 control) login: "; exec sleep 60`, ["login:"]);
    expect(ending).toEqual({ kind: "all-seen" });
  });

  it("says which texts were not seen when the time is over, and ends QEMU", async () => {
    const { ending } = await run(`echo "(d1 control) one"; exec sleep 60`, ["one", "two"], 1);
    expect(ending).toEqual({ kind: "timed-out", unseen: ["two"] });
    expect(isRunning()).toBe(false);
  });

  it("ends a QEMU that does not want to", async () => {
    const { ending } = await run(`trap "" TERM; while :; do sleep 1; done`, ["never"], 1);
    expect(ending).toEqual({ kind: "timed-out", unseen: ["never"] });
    expect(isRunning()).toBe(false);
  });

  it("says which texts were not seen when QEMU ends", async () => {
    expect((await run(`echo "(d1 control) one"`, ["two"])).ending).toEqual({ kind: "ended", unseen: ["two"] });
  });

  it("shows QEMU's own words when it fails", async () => {
    const { ending, stderr } = await run(`echo "unsupported machine type" >&2; exit 1`);
    expect(ending).toEqual({ kind: "failed", reason: "exit code 1" });
    expect(stderr).toContain("unsupported machine type");
  });

  it("knows a QEMU that is not installed", async () => {
    process.env["PATH"] = "/nonexistent";
    const { ending } = await run("");
    expect(ending).toEqual({ kind: "missing" });
  });

  it("hands input to the guests", async () => {
    const { stdout } = await run(`read line; echo "(d1 control) got $line"`, [], 20, Buffer.from("hello\n"));
    expect(stdout).toBe("[control] got hello\n");
  });

  it("is stopped by Ctrl-]", async () => {
    const { ending } = await run("exec sleep 60", ["never"], 20, Buffer.from([0x1d]));
    expect(ending).toEqual({ kind: "stopped", unseen: ["never"] });
  });

  it("ends QEMU when this process is told to end", async () => {
    const pending = run(`echo "(d1 control) up"; exec sleep 60`, ["never"]);
    setTimeout(() => process.emit("SIGTERM", "SIGTERM"), 500);
    expect((await pending).ending).toEqual({ kind: "interrupted", signal: "SIGTERM", unseen: ["never"] });
    expect(isRunning()).toBe(false);
  });

  it("shows a prompt once, and the rest of its line behind it", async () => {
    const { stdout } = await run(`printf "(d1 control) / # "; sleep 0.3; echo ls; echo "(d2 ui) x"`);
    expect(stdout).toBe("[control] / # ls\n[ui] x\n");
  });
});
