import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { decode, print } from "dtc-js";
import { readFacts } from "./testing/facts.ts";
import { writeInitramfs } from "./testing/initramfs.ts";
import { withMachine } from "./testing/machine.ts";
import type { Machine, MachineRequest } from "./testing/machine.ts";
import { core, debian, drivers, guest, temporaryFolder } from "./testing/paths.ts";
import { build, fromFiles, fromImage } from "./testing/systems.ts";
import type { BuiltSystem } from "./testing/systems.ts";
import { onUpstreamXen, watchable } from "./testing/upstream.ts";

const MiB = 1024 * 1024;

/** The machine's last two virtio-mmio slots, which lie in one page. */
const slots = { disk: 31, network: 30 };
const nodeOf = (slot: number): string => `virtio_mmio@${(0xa00_0000 + slot * 0x200).toString(16)}`;

/** Linux has the disk and the network card, a bare-metal guest the clock. */
function buildSystem(gic: 2 | 3): Promise<BuiltSystem> {
  const ramdisk = writeInitramfs(join(temporaryFolder("initramfs"), "initramfs.cpio.gz"), drivers);
  return build("passthrough", {
    board: { gic, cpus: 2, memory: "1GiB" },
    system: {
      domains: {
        io: {
          kernel: debian("kernel"),
          ramdisk,
          bootargs: "console=ttyAMA0 quiet",
          memory: [{ at: 0x5000_0000, size: 256 * MiB }],
          directMap: true,
          passthrough: [nodeOf(slots.disk), nodeOf(slots.network)],
        },
        clock: {
          kernel: guest("clock"),
          bootargs: "name=clock alarms=3 then=reset",
          memory: 32 * MiB,
          passthrough: ["pl031"],
        },
      },
    },
  });
}

function source(blob: Uint8Array): string {
  const decoded = decode(blob);
  if (!decoded.ok) throw new Error(decoded.diagnostics[0].message);
  return print(decoded.value);
}

function devices(): readonly string[] {
  const disk = join(temporaryFolder("disk"), "disk.raw");
  writeFileSync(disk, "");
  truncateSync(disk, 32 * MiB);
  return [
    ...["-drive", `if=none,id=disk,format=raw,file=${disk}`],
    ...["-device", `virtio-blk-device,drive=disk,bus=virtio-mmio-bus.${slots.disk}`],
    ...["-netdev", "user,id=network"],
    ...["-device", `virtio-net-device,netdev=network,bus=virtio-mmio-bus.${slots.network}`],
  ];
}

const checksum = /^[0-9a-f]{64} {2}\/disk\/file$/;

async function pingsTheGateway(machine: Machine): Promise<void> {
  await machine.ask("io", "ifconfig eth0 10.0.2.15 up; ping -c 3 -w 60 10.0.2.2", "3 packets received", 120);
}

/** Devices that need no direct map, which Debian's build of upstream Xen does not have. */
async function buildForBoth(gic: 2 | 3): Promise<BuiltSystem> {
  const ramdisk = writeInitramfs(join(temporaryFolder("initramfs"), "initramfs.cpio.gz"));
  return build(
    "both",
    watchable({
      board: { gic, cpus: 2, memory: "1GiB" },
      system: {
        domains: {
          ui: {
            kernel: debian("kernel"),
            ramdisk,
            bootargs: "console=ttyAMA0 quiet facts",
            memory: "256MiB",
            passthrough: ["pl061"],
          },
          clock: { kernel: guest("clock"), bootargs: "name=clock alarms=2", memory: 32 * MiB, passthrough: ["pl031"] },
        },
      },
    }),
  );
}

describe.each([3, 2] as const)("the same assigned devices on upstream Xen 4.17, with a GICv%i", (gic) => {
  it("are the same nodes for the guest, and interrupt it as often", { timeout: 600_000 }, async () => {
    const built = await buildForBoth(gic);
    const seen = (request: MachineRequest): Promise<Buffer> =>
      withMachine(request, async (machine) => {
        await machine.waitFor("clock", /clock: clock at 0x9010000, interrupt 34, says/, 120);
        await machine.waitFor("clock", "clock: clock took 2 alarms by 2 interrupts", 120);
        await machine.waitFor("clock", "clock: clock waits while it is off", 120);
        const { deviceTree } = await readFacts(machine, "ui", 120);
        return deviceTree;
      });
    const onXen = await seen(onUpstreamXen(built));
    const onCore = await seen(fromFiles(built, core));
    expect(source(onCore)).toBe(source(onXen));
    expect(source(onCore)).toContain("pl061@9030000");
    expect(source(onCore)).toBe(source(readFileSync(join(built.output, "domains", "ui", "guest.dtb"))));
  });
});

describe.each([3, 2] as const)("devices of the machine, on a GICv%i", (gic) => {
  it(
    "a Linux domain keeps a file on the disk over its own restart, and reaches the network",
    { timeout: 600_000 },
    async () => {
      const built = await buildSystem(gic);
      await withMachine(fromImage(built, undefined, devices()), async (machine) => {
        await machine.waitFor("io", "ready: shell on 1 CPUs", 180);
        await machine.ask(
          "io",
          "mke2fs -q /dev/vda; mkdir /disk; mount -t ext4 /dev/vda /disk && echo is-$((40+2))",
          "is-42",
          120,
        );
        const { text: written } = await machine.ask(
          "io",
          "head -c 8000000 /dev/urandom >/disk/file; sync; sha256sum /disk/file",
          checksum,
          180,
        );
        await pingsTheGateway(machine);
        await machine.ask("io", "grep virtio /proc/interrupts", /GIC.* virtio/);

        await machine.focus("io");
        const from = machine.lines.length;
        machine.type("reboot -f\n");
        await machine.waitFor("io", "ready: shell on 1 CPUs", 180, from);
        await machine.ask("io", "mkdir /disk; mount -t ext4 /dev/vda /disk && echo anew-$((40+2))", "anew-42", 120);
        const { text: read } = await machine.ask("io", "sha256sum /disk/file", checksum, 180);
        expect(read).toBe(written);
        await pingsTheGateway(machine);
      });
    },
  );

  it("a bare-metal domain takes one interrupt an alarm, in each of its lives", { timeout: 300_000 }, async () => {
    const built = await buildSystem(gic);
    await withMachine(fromImage(built, undefined, devices()), async (machine) => {
      const first = machine.lines.length;
      for (let from = first, life = 1; life <= 2; life++) {
        const { text } = await machine.waitFor("clock", /clock: clock at 0x9010000, interrupt 34, says/, 120, from);
        expect(Number(/says (\d+)/.exec(text)?.[1])).toBeGreaterThan(1_600_000_000);
        await machine.waitFor("clock", "clock: clock took 3 alarms by 3 interrupts", 120, from);
        await machine.waitFor("clock", "clock: clock waits while it is off", 120, from);
        if (life === 1) await machine.waitFor("hypervisor", "d2 (clock) restarts", 60, from);
        from = machine.lines.length;
      }
    });
  });
});
