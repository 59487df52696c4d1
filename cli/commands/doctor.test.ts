import { describe, expect, it } from "vitest";
import { checkQemu } from "./doctor.ts";

const answer = (stdout: string) => ({ kind: "ok", stdout, stderr: "" }) as const;

describe("doctor", () => {
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
