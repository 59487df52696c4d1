import { describe, expect, it } from "vitest";
import type { Finished } from "./testing/surroundings.ts";
import { xenimg as xenimgIn } from "./testing/surroundings.ts";

const xenimg = (...args: readonly string[]): Promise<Finished> => xenimgIn(import.meta.dirname, ...args);

describe("the command line", () => {
  it("shows help as a result", async () => {
    const { exitCode, stdout, stderr } = await xenimg("--help");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    for (const command of ["build", "check", "run", "diff", "inspect", "boards", "doctor", "explain"])
      expect(stdout).toContain(`  ${command} `);
  });

  it.each([
    ["an unknown command", ["frobnicate"]],
    ["an unknown option", ["check", "board.ts", "--frobnicate"]],
    ["a missing argument", ["build"]],
    ["an unknown format", ["check", "board.ts", "--format", "xml"]],
    ["an unknown target", ["build", "board.ts", "--target", "xen@3.0"]],
    ["a parameter without a value", ["build", "board.ts", "--set", "kernel"]],
    ["a time that is none", ["run", "board.ts", "--timeout", "-1"]],
    ["no command", []],
  ])("refuses %s with exit code 2", async (_what, args) => {
    const { exitCode, stdout, stderr } = await xenimg(...args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).not.toBe("");
  });

  it("says what is wrong with a configuration that is not there, and exits with 1", async () => {
    for (const command of ["build", "check", "run"]) {
      const { exitCode, stdout, stderr } = await xenimg(command, "nowhere.ts");
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
      expect(stderr).toContain("error XI7001: ");
    }
  });

  it("gives machine-readable diagnostics as a result", async () => {
    const { exitCode, stdout } = await xenimg("check", "nowhere.ts", "--format", "json");
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject([{ code: "XI7001", severity: "error" }]);
  });
});

describe("explain", () => {
  it("shows the page of a code, however it is spelled", async () => {
    const { exitCode, stdout } = await xenimg("explain", "xi7001");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^# XI7001: /);
  });

  it("refuses what is no code, or none that there is", async () => {
    expect((await xenimg("explain", "../../README")).exitCode).toBe(2);
    expect((await xenimg("explain", "XI9999")).exitCode).toBe(2);
  });
});
