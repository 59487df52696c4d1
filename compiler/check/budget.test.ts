import { describe, expect, it } from "vitest";
import { qemuVirt } from "../../boards/index.ts";
import type { SystemInput } from "../config/input.ts";
import type { Target } from "../ir/target.ts";
import { checkSystem } from "../testing/system.ts";

const xen: Target = { hypervisor: "xen", version: "4.17" };

/** Domains of the same size, in MiB, on a machine of `ram` MiB; the image takes [0x40200000, 0x40800000) at most. */
async function codes(ram: number, size: number, { cpus = 1, count = 1, target = { hypervisor: "core" } as Target }) {
  const one = { kernel: "Image", cpus, memory: `${size}MiB` };
  const value: SystemInput = {
    board: qemuVirt({ gic: 3, cpus: 4, memory: `${ram}MiB` }),
    domains: Object.fromEntries(Array.from({ length: count }, (_, index) => [`d${index}`, one])),
  };
  const { diagnostics } = await checkSystem(value, { target });
  return diagnostics.map(({ code }) => code);
}

/** As booted in QEMU with the guest `hello`: the core stops, "nothing is left for … of the core's own structures". */
describe("what the core needs besides the domains' memory", () => {
  it("is there", async () => {
    expect(await codes(128, 112, {})).toEqual([]);
    expect(await codes(16, 6, {})).toEqual([]);
    expect(await codes(128, 112, { cpus: 4 })).toEqual([]);
  });

  it("is not there", async () => {
    expect(await codes(16, 10, {})).toEqual(["XI4311"]);
    expect(await codes(16, 4, { count: 2 })).toEqual(["XI4311"]);
  });

  it("grows by what each domain is made with", async () => {
    expect(await codes(71, 4, { count: 8 })).toEqual([]);
    expect(await codes(70, 4, { count: 8 })).toEqual(["XI4311"]);
  });
});

/** As booted with Debian's Xen 4.17.5 in QEMU: "Failed to allocate requested domain memory", or of P2M pages. */
describe("what upstream Xen needs besides the domains' memory", () => {
  it("is there", async () => {
    expect(await codes(128, 120, { target: xen })).toEqual([]);
    expect(await codes(512, 497, { target: xen })).toEqual([]);
    expect(await codes(128, 118, { cpus: 4, target: xen })).toEqual([]);
    expect(await codes(128, 59, { count: 2, target: xen })).toEqual([]);
  });

  it("is not there", async () => {
    expect(await codes(512, 500, { target: xen })).toEqual(["XI4311"]);
    expect(await codes(128, 120, { cpus: 4, target: xen })).toEqual(["XI4311"]);
  });
});
