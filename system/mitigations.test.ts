import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { QemuVirtParameters } from "../boards/index.ts";
import { readElf } from "./testing/elf.ts";
import { withMachine } from "./testing/machine.ts";
import type { MachineRequest } from "./testing/machine.ts";
import { guest, root } from "./testing/paths.ts";
import { build, fromImage } from "./testing/systems.ts";

/** What the boot log says of each model of QEMU 7.2, which has no firmware that knows a workaround. */
const models: readonly [NonNullable<QemuVirtParameters["cpu"]>, string][] = [
  ["cortex-a53", "Spectre-v2 not affected, Spectre-BHB not affected, Spectre-v4 not affected"],
  ["cortex-a57", vulnerable()],
  ["cortex-a72", vulnerable()],
  ["cortex-a76", "Spectre-v2 not affected, Spectre-BHB loop of 24, Spectre-v4 SSBS"],
  ["neoverse-n1", "Spectre-v2 not affected, Spectre-BHB loop of 24, Spectre-v4 SSBS"],
  ["max", "Spectre-v2 not affected, Spectre-BHB unknown (not mitigated), Spectre-v4 SSBS"],
];

function vulnerable(): string {
  const state = "vulnerable (no help from firmware)";
  return `Spectre-v2 ${state}, Spectre-BHB ${state}, Spectre-v4 ${state}`;
}

describe("the core's mitigations against speculation", () => {
  it.each(models)("are chosen and told on a %s", async (cpu, expected) => {
    const system = { domains: { two: { kernel: guest("hello"), bootargs: "name=two", cpus: 2, memory: "32MiB" } } };
    const built = await build(`mitigations-${cpu}`, { board: { cpus: 2, memory: "512MiB", cpu }, system });
    await withMachine(fromImage(built), async (machine) => {
      await machine.waitFor("two", "ready: two, 2 of 2 CPUs", 90);
      const told = machine.saidBy("hypervisor").filter((line) => line.startsWith("MIDR "));
      expect(told.map((line) => line.replace(/^MIDR 0x[0-9a-f]{8}/, "MIDR"))).toEqual([`MIDR, 2 CPUs: ${expected}`]);
    });
  });
});

/** The same machine with firmware at EL3 that knows the workarounds; QEMU has none of its own then. */
function withFirmware({ args, ...request }: MachineRequest): MachineRequest {
  const at = args.indexOf("-kernel");
  const image = `loader,file=${args[at + 1] ?? ""},addr=0x40200000,force-raw=on`;
  const firmware = join(root, "fixtures", "guests", "build", "firmware.bin");
  return { ...request, args: [...args.slice(0, at), "-machine", "secure=on", "-bios", firmware, "-device", image] };
}

describe("firmware that knows the workarounds", () => {
  it("is called on each entry from a guest, which notices nothing", async () => {
    const system = { domains: { one: { kernel: guest("probe"), bootargs: "name=one", memory: "32MiB" } } };
    const built = await build("firmware", { board: { cpus: 1, memory: "512MiB", cpu: "cortex-a57" }, system });
    await withMachine(withFirmware(fromImage(built)), async (machine) => {
      await machine.waitFor("one", /^ready: one, (\d+) of \1 passed$/, 90);
      expect(machine.saidBy("hypervisor")).toContainEqual(
        expect.stringMatching(
          /^MIDR 0x411fd070, 1 CPUs: Spectre-v2 firmware call, Spectre-BHB firmware call, Spectre-v4 firmware call$/,
        ),
      );
      const told =
        /firmware: workaround 3 was called 0x([0-9a-f]{16}) times, workaround 2 switched on 0x([0-9a-f]{16}) times/;
      await expect.poll(() => told.test(machine.raw), { timeout: 30_000 }).toBe(true);
      const [calls, switched] =
        told
          .exec(machine.raw)
          ?.slice(1)
          .map((digits) => Number(`0x${digits}`)) ?? [];
      // The guest's reads of the port alone, and once for the one CPU.
      expect(calls).toBeGreaterThan(1000);
      expect(switched).toBe(1);
    });
  });
});

/** A64 instructions (Arm ARM (DDI 0487), under their names). */
const eret = 0xd69f_03e0;
const dsbNsh = 0xd503_379f;
const isb = 0xd503_3fdf;
const speculationBarrier = 0xd503_30ff;
const clearBranchHistory = 0xd503_22df;
const storeFirstPair = 0xa9bf_07e0; // stp x0, x1, [sp, #-16]!
const smc = 0xd400_0003;
const isBranch = (word: number): boolean =>
  (word & 0x7c00_0000) === 0x1400_0000 || // B, BL
  (word & 0xfe00_0000) >>> 0 === 0x5400_0000 || // B.cond
  (word & 0x7e00_0000) === 0x3400_0000 || // CBZ, CBNZ
  (word & 0x7e00_0000) === 0x3600_0000 || // TBZ, TBNZ
  (word & 0xfe00_0000) >>> 0 === 0xd600_0000; // BR, BLR, RET, ERET

describe("the core's code", () => {
  const elf = readElf(readFileSync(join(root, "hypervisor", "build", "core.elf")));

  it("has a speculation barrier behind each ERET", () => {
    const at = elf.code.flatMap((word, index) => (word === eret ? [index] : []));
    expect(at.length).toBeGreaterThan(0);
    for (const index of at) {
      const [next, afterNext] = elf.code.slice(index + 1);
      expect(next === speculationBarrier || (next === dsbNsh && afterNext === isb)).toBe(true);
    }
  });

  /** The sixteen vectors of a table; a guest's are the last eight (Arm ARM (DDI 0487), vector offsets from VBAR_EL2). */
  const guestVectors = (table: string): readonly number[][] => {
    const base = elf.symbols.get(table);
    if (base === undefined) throw new Error(`core.elf has no ${table}`);
    expect(base % 2048).toBe(0);
    return Array.from({ length: 8 }, (_, index) => elf.wordsAt(base + 0x400 + index * 0x80, 32));
  };

  it.each([
    ["vectors", (before: readonly number[]) => before.length === 2],
    ["vectors_clear", (before: readonly number[]) => before[1] === clearBranchHistory && before[2] === isb],
    ["vectors_firmware", (before: readonly number[]) => before.includes(smc)],
  ] as const)("enters from a guest by %s as they promise, before the first branch", (table, keeps) => {
    for (const vector of guestVectors(table)) {
      const before = vector.slice(0, vector.findIndex(isBranch));
      expect(before[0]).toBe(storeFirstPair);
      expect(keeps(before)).toBe(true);
    }
  });

  it("enters from a guest by vectors_loop with the loop first, and a barrier between it and all else", () => {
    for (const vector of guestVectors("vectors_loop")) {
      const loop = [
        0x1400_0001, // b to the next instruction
        0x7100_0400, // subs w0, w0, #1
        0x54ff_ffc1, // b.ne back to the first
        dsbNsh,
        isb,
      ];
      const start = vector.findIndex(isBranch);
      expect(vector[0]).toBe(storeFirstPair);
      expect(vector.slice(start, start + loop.length)).toEqual(loop);
    }
  });
});
