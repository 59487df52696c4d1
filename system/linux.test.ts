import { beforeAll, describe, expect, it } from "vitest";
import { join } from "node:path";
import { writeInitramfs } from "./testing/initramfs.ts";
import { withMachine } from "./testing/machine.ts";
import type { Machine } from "./testing/machine.ts";
import { machines } from "./testing/machines.ts";
import type { TestMachine } from "./testing/machines.ts";
import { debian, temporaryFolder } from "./testing/paths.ts";
import { build, fromImage } from "./testing/systems.ts";
import type { BuiltSystem } from "./testing/systems.ts";

const MiB = 1024 * 1024;

/** How often each machine is booted in a row. */
const boots: Readonly<Record<keyof typeof machines, number>> = {
  "QEMU's virt with a GICv3": 20,
  "QEMU's virt with a GICv2": 5,
  "a ZCU102": 3,
  "QEMU's Versal": 3,
};

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

const names = Object.keys(machines) as (keyof typeof machines)[];

describe.each(names)("two Debian Linux guests from image.bin, on %s", (name) => {
  let built: BuiltSystem;
  beforeAll(async () => {
    built = await buildTwoLinux(machines[name]());
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

  it(`boot ${boots[name]} times in a row`, { timeout: 600_000 }, async () => {
    let booted = 0;
    for (; booted < boots[name]; booted++) await withMachine(fromImage(built), bothReady);
    expect(booted).toBe(boots[name]);
  });
});
