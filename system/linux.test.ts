import { beforeAll, describe, expect, it } from "vitest";
import { join } from "node:path";
import { writeInitramfs } from "./testing/initramfs.ts";
import { withMachine } from "./testing/machine.ts";
import type { Machine } from "./testing/machine.ts";
import { debian, temporaryFolder } from "./testing/paths.ts";
import { build, fromImage } from "./testing/systems.ts";
import type { BuiltSystem, SystemRequest } from "./testing/systems.ts";

const MiB = 1024 * 1024;

/** A machine, where its guests' memory is, and how often it is booted in a row. */
interface TestMachine {
  readonly board: SystemRequest["board"];
  readonly control: number;
  readonly ui: number;
  readonly boots: number;
}

/** Debian's device trees are looked up when a test runs: without them, the other machines' tests do. */
const machines: Readonly<Record<string, () => TestMachine>> = {
  "QEMU's virt with a GICv3": () => ({ ...virt(3), boots: 20 }),
  "QEMU's virt with a GICv2": () => ({ ...virt(2), boots: 5 }),
  // On these two, one of them above 4 GiB.
  "a ZCU102": () => ({ ...amd, board: { xlnxZcu102: { deviceTree: debian("zynqmp-zcu102") } } }),
  "QEMU's Versal": () => ({ ...amd, board: { xlnxVersalVirt: { memory: "4GiB" } } }),
};

const amd = { control: 0x4000_0000, ui: 0x8_1000_0000, boots: 3 };

const virt = (gic: 2 | 3) => ({
  board: { gic, cpus: 3, memory: "2GiB" } as const,
  control: 0x8000_0000,
  ui: 0x9000_0000,
});

/** Two unmodified Debian kernels on static memory, one with a CPU, one with two. */
async function buildTwoLinux({ board, control, ui }: TestMachine): Promise<BuiltSystem> {
  const ramdisk = writeInitramfs(join(temporaryFolder("initramfs"), "initramfs.cpio.gz"));
  const linux = { kernel: debian("kernel"), ramdisk, bootargs: "console=ttyAMA0 quiet" };
  return build("two-linux", {
    board,
    system: {
      domains: {
        control: { ...linux, cpus: 1, memory: [{ at: control, size: 128 * MiB }] },
        ui: { ...linux, cpus: 2, memory: [{ at: ui, size: 160 * MiB }] },
      },
    },
  });
}

async function bothReady(machine: Machine): Promise<void> {
  await machine.waitFor("control", "ready: shell on 1 CPUs", 120);
  await machine.waitFor("ui", "ready: shell on 2 CPUs", 120);
}

describe.each(Object.entries(machines))("two Debian Linux guests from image.bin, on %s", (_, machineOf) => {
  let built: BuiltSystem;
  beforeAll(async () => {
    built = await buildTwoLinux(machineOf());
  });

  it("answer at their own consoles, and one goes on when the other powers off", async () => {
    await withMachine(fromImage(built), async (machine) => {
      await bothReady(machine);
      await machine.ask("control", "echo in-$((40+2)) on $(nproc)", "in-42 on 1");
      await machine.ask("ui", "echo in-$((50+5)) on $(nproc)", "in-55 on 2");
      expect(machine.saidBy("ui").some((line) => line.includes("in-42 on"))).toBe(false);
      expect(machine.saidBy("control").some((line) => line.includes("in-55 on"))).toBe(false);

      await machine.focus("control");
      const from = machine.lines.length;
      machine.type("poweroff -f\n");
      await machine.waitFor("hypervisor", "d1 (control) shut down", 60, from);
      // The input moves on by itself: a Ctrl-A before that would move it too far.
      await machine.waitFor("hypervisor", "*** Serial input to DOM2", 20, from);
      await machine.ask("ui", "echo still-$((6*7)); sleep 2; date +at-%s", /at-\d+/);
      expect(machine.saidBy("ui").some((line) => line.includes("still-42"))).toBe(true);
    });
  });

  it("start anew after a reset, without disturbing the other", async () => {
    await withMachine(fromImage(built), async (machine) => {
      await bothReady(machine);
      await machine.focus("control");
      const from = machine.lines.length;
      machine.type("reboot -f\n");
      await machine.waitFor("control", "ready: shell on 1 CPUs", 120, from);
      await machine.ask("ui", "echo still-$((6*7))", "still-42");
      await machine.ask("control", "echo anew-$((6*7))", "anew-42");
    });
  });

  it("boot some times in a row", { timeout: 600_000 }, async () => {
    const { boots } = machineOf();
    let booted = 0;
    for (; booted < boots; booted++) await withMachine(fromImage(built), bothReady);
    expect(booted).toBe(boots);
  });
});
