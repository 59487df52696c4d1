import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { writeInitramfs } from "./testing/initramfs.ts";
import { withMachine } from "./testing/machine.ts";
import type { Machine } from "./testing/machine.ts";
import { machines } from "./testing/machines.ts";
import { debian, temporaryFolder } from "./testing/paths.ts";
import { build, fromImage } from "./testing/systems.ts";
import type { BuiltSystem } from "./testing/systems.ts";

/** Starts work on all CPUs of a domain; the answer comes when it is done. */
async function startLoad(machine: Machine, domain: string, seconds: number): Promise<number> {
  const from = machine.lines.length;
  await machine.ask(domain, `load ${seconds} & echo loaded-$((6*7))`, "loaded-42");
  return from;
}

/** Two workers on each of two CPUs came to their end, and read back what they had written in each round. */
async function loadIsDone(machine: Machine, domain: string, from: number): Promise<void> {
  const pattern = /load: (\d+) workers, (\d+) rounds, (\d+) wrong/;
  const { text } = await machine.waitFor(domain, pattern, 300, from);
  const [workers, rounds, wrong] = pattern.exec(text)?.slice(1).map(Number) ?? [];
  expect(workers).toBe(4);
  expect(rounds).toBeGreaterThanOrEqual(4);
  expect(wrong).toBe(0);
}

// All machines at once: the load takes its time, not its work, and four at a time show no less.
describe.concurrent.each(Object.entries(machines))(
  "two Debian Linux guests with work for every CPU, on %s",
  (_, machineOf) => {
    let built: BuiltSystem;
    beforeAll(async () => {
      const ramdisk = writeInitramfs(join(temporaryFolder("initramfs"), "initramfs.cpio.gz"));
      const linux = { kernel: debian("kernel"), ramdisk, bootargs: "console=ttyAMA0 quiet", memory: "192MiB" };
      built = await build("load", {
        board: machineOf().board,
        system: { domains: { control: { ...linux, cpus: 2 }, ui: { ...linux, cpus: 2 } } },
      });
    });

    it(
      "work for a minute, and one works on while the other starts anew and powers off",
      { timeout: 1_500_000 },
      async () => {
        await withMachine(fromImage(built), async (machine) => {
          for (const domain of built.domains) await machine.waitFor(domain, "ready: shell on 2 CPUs", 600);
          const both = [await startLoad(machine, "control", 60), await startLoad(machine, "ui", 60)] as const;
          await loadIsDone(machine, "control", both[0]);
          await loadIsDone(machine, "ui", both[1]);

          const other = await startLoad(machine, "ui", 15);
          await machine.focus("control");
          let from = machine.lines.length;
          machine.type("reboot -f\n");
          await machine.waitFor("control", "ready: shell on 2 CPUs", 600, from);
          await machine.focus("control");
          from = machine.lines.length;
          machine.type("poweroff -f\n");
          await machine.waitFor("hypervisor", "(control) shut down", 60, from);
          await loadIsDone(machine, "ui", other);
        });
      },
    );
  },
);
