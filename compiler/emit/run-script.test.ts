import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "@fast-check/vitest";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PlacedSystem } from "../ir/placed.ts";
import { lower } from "../lower/lower.ts";
import { placedSystem, twoDomains } from "../testing/system.ts";
import { emitRunScript, shellWord } from "./run-script.ts";

const template = readFileSync(new URL("../../templates/run.sh.hbs", import.meta.url), "utf8");

function script(placed: PlacedSystem, hasImage = true): string {
  const plan = lower(placed);
  if (!plan.run) throw new Error("no emulator");
  const { pieces, executable } = emitRunScript(plan, plan.run, { runTemplate: template, hasImage });
  expect(executable).toBe(true);
  return new TextDecoder().decode(pieces[0] as Uint8Array);
}

/** What the script would run: `exec` prints its words instead. */
const words = (text: string, ...args: string[]): string[] => {
  const shown = text.replace(/^.*\bcd -- .*$/m, "").replaceAll(/\bexec /g, "printf '%s\\n' ");
  return execFileSync("sh", ["-c", shown, "run.sh", ...args], { encoding: "utf8" }).split("\n");
};

describe("run.sh", () => {
  it("boots image.bin by -kernel where QEMU puts it anyway", async () => {
    const found = words(script(await placedSystem()));
    expect(found.slice(0, 2)).toEqual(["qemu-system-aarch64", "-machine"]);
    expect(found.slice(-3)).toEqual(["-kernel", "image.bin", ""]);
  });

  it("boots image.bin by address elsewhere", async () => {
    const domains = { all: { kernel: "Image", memory: [{ at: 0x4000_0000, size: "128MiB" }] } };
    const placed = await placedSystem({ board: twoDomains.board, domains });
    expect(words(script(placed))).toContain("loader,file=image.bin,addr=0x48000000,force-raw=on");
  });

  it("loads each file to its address, and hands on further arguments", async () => {
    const found = words(script(await placedSystem()), "separate", "-d", "in_asm");
    expect(found).toContain("loader,file=hypervisor.img,addr=0x40200000,force-raw=on");
    expect(found).toContain("loader,file=modules/control-kernel,addr=0x40a00000,force-raw=on");
    expect(found.slice(-3)).toEqual(["-d", "in_asm", ""]);
  });

  it("boots the separate files where no image.bin is written", async () => {
    const text = script(await placedSystem(), false);
    expect(text).not.toContain("image.bin");
    expect(words(text)).toContain("loader,file=hypervisor.img,addr=0x40200000,force-raw=on");
  });

  it("has no image.bin for a foreign hypervisor", async () => {
    const text = script(await placedSystem(twoDomains, { hypervisor: "xen", version: "4.17" }));
    expect(text).not.toContain("image.bin");
    expect(words(text)).toContain("loader,file=system.dtb,addr=0x40400000,force-raw=on");
  });
});

test.prop([fc.string({ unit: "binary" }).filter((text) => !/[\0\uD800-\uDFFF]/.test(text))])(
  "a quoted word is the same word to the shell",
  (text) => {
    expect(execFileSync("sh", ["-c", `printf %s ${shellWord(text)}`], { encoding: "utf8" })).toBe(text);
  },
);
