import { describe, expect, it } from "vitest";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { coreImage, pvCoreImage } from "../adapters/package.ts";
import { xenimg } from "../testing/surroundings.ts";
import { checkCore, checkQemu } from "./doctor.ts";

const answer = (stdout: string) => ({ kind: "ok", stdout, stderr: "" }) as const;

describe("doctor", () => {
  it("looks for the cores with XenStore and without, each by itself", async () => {
    const folder = mkdtempSync(join(tmpdir(), "xenimg-doctor-"));
    writeFileSync(join(folder, "core.img"), "");
    expect(checkCore(join(folder, "core.img"))).toEqual({ found: true, text: "built" });
    expect(checkCore(join(folder, "core-pv.img")).text).toMatch(/^not built: run `make -C hypervisor`/);
    rmSync(folder, { recursive: true });
    const { stdout } = await xenimg(".", "doctor");
    for (const [name, image] of [
      ["hypervisor core", coreImage],
      ["hypervisor core for PV links", pvCoreImage],
    ] as const)
      expect(stdout).toContain(`${checkCore(image).found ? "ok     " : "MISSING"}  ${name}: `);
  });

  it("takes QEMU 7.2 and later, whatever the distribution adds to the version", () => {
    expect(checkQemu(answer("QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18)")).found).toBe(true);
    expect(checkQemu(answer("QEMU emulator version 8.2.2 (Debian 1:8.2.2+ds-0ubuntu1)")).found).toBe(true);
    expect(checkQemu(answer("QEMU emulator version 10.0.0")).found).toBe(true);
  });

  it("refuses an older one, by its version", () => {
    expect(checkQemu(answer("QEMU emulator version 6.2.0"))).toEqual({
      found: false,
      text: "version 6.2 is too old, 7.2 or later is needed",
    });
  });

  it("says how to get one that is missing or broken", () => {
    expect(checkQemu({ kind: "missing" }).text).toMatch(/^not in PATH: apt-get install qemu-system-arm/);
    expect(checkQemu({ kind: "timed-out", seconds: 10 }).text).toMatch(/^does not run: /);
  });
});
