import { execFileSync } from "node:child_process";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { writeInitramfs } from "./testing/initramfs.ts";
import { withMachine } from "./testing/machine.ts";
import { debian, guest, temporaryFolder } from "./testing/paths.ts";
import { build, xenimg } from "./testing/systems.ts";
import type { BuiltSystem, SystemRequest } from "./testing/systems.ts";
import { command, fromDisks, requireKey, stopAutoboot } from "./testing/uboot.ts";

const MiB = 1024 * 1024;

const twoGuests: SystemRequest = {
  board: { cpus: 2, memory: "2GiB" },
  system: {
    domains: {
      control: { kernel: guest("hello"), bootargs: "name=control", memory: "32MiB" },
      ui: { kernel: guest("load"), bootargs: "name=ui", memory: [{ at: 0x7000_0000, size: 32 * MiB }] },
    },
  },
};

/** A program of mtools on the partition of a disk. */
const mtools = (program: string, disk: string, ...args: readonly string[]): unknown =>
  execFileSync(program, ["-i", `${disk}@@${MiB}`, ...args], { timeout: 60_000 });

describe("U-Boot with a disk of separate files", () => {
  let built: BuiltSystem;
  const disk = (name: string): string => join(built.output, "..", name);
  beforeAll(async () => {
    built = await build("disk", twoGuests, "--format", "disk");
    const good = join(built.output, "disk.img");
    for (const name of ["short.img", "missing.img", "longer.img", "good.img"]) copyFileSync(good, disk(name));
    const hypervisor = readFileSync(join(built.output, "hypervisor.img"));
    writeFileSync(disk("short"), hypervisor.subarray(0, hypervisor.length - 1));
    mtools("mcopy", disk("short.img"), "-o", disk("short"), "::hypervisor.img");
    mtools("mdel", disk("missing.img"), "::modules/ui-kernel");
    writeFileSync(disk("longer"), Buffer.concat([readFileSync(join(built.output, "system.dtb")), Buffer.alloc(4)]));
    mtools("mcopy", disk("longer.img"), "-o", disk("longer"), "::system.dtb");
  });

  it("starts nothing where a file is short, missing or longer, and says in a line which; then boots the whole one", async () => {
    const disks = ["short.img", "missing.img", "longer.img", "good.img"].map(disk);
    await withMachine(fromDisks(built, disks, "virtio"), async (machine) => {
      await stopAutoboot(machine);
      await command(machine, "virtio scan");
      await command(machine, "setenv devtype virtio; setenv distro_bootpart 1; setenv prefix /");
      const script = (devnum: number): string =>
        `setenv devnum ${devnum}; load virtio ${devnum}:1 0x90000000 boot.scr; source 0x90000000`;
      for (const [devnum, path] of ["hypervisor.img", "modules/ui-kernel", "system.dtb"].entries()) {
        const said = await command(machine, script(devnum));
        const ours = said.split("\n").filter((line) => line.startsWith("xenimg: "));
        expect(ours).toEqual([
          expect.stringMatching(`^xenimg: ${path} is missing, or does not have \\d+ bytes: nothing`),
        ]);
        expect(said).not.toContain("Starting kernel");
      }
      const from = machine.lines.length;
      machine.type(`${script(3)}\n`);
      for (const domain of ["control", "ui"]) await machine.waitFor(domain, `ready: ${domain}, 1 of 1 CPUs`, 120, from);
    });
    for (const name of disks.slice(0, 3)) {
      const { code } = await xenimg("verify", name, "--manifest", join(built.output, "manifest.json"));
      expect([name, code]).toEqual([name, 1]);
    }
  });
});

it("U-Boot that requires our key boots two guests from a SCSI disk with a signed FIT, by itself", async () => {
  const key = await requireKey(twoGuests);
  const built = await build("disk-fit", twoGuests, "--format", "fit,disk", "--sign", key.privateFile);
  const disk = join(built.output, "disk.img");
  const { code, stdout } = await xenimg("verify", disk, "--key", key.publicFile);
  expect([code, stdout]).toEqual([0, expect.stringContaining("verified by nobody at boot: boot.scr")]);
  await withMachine(fromDisks(built, [disk], "scsi", key), async (machine) => {
    await machine.waitFor("hypervisor", "sha256,rsa2048:dev+ OK", 120);
    for (const domain of ["control", "ui"]) await machine.waitFor(domain, `ready: ${domain}, 1 of 1 CPUs`, 120);
  });
});

it("U-Boot boots two Debian Linux guests from a virtio disk by itself, which answer at their consoles", async () => {
  const ramdisk = writeInitramfs(join(temporaryFolder("initramfs"), "initramfs.cpio.gz"));
  const linux = { kernel: debian("kernel"), ramdisk, bootargs: "console=ttyAMA0 quiet" };
  const twoLinux: SystemRequest = {
    board: { cpus: 3, memory: "2GiB" },
    system: {
      domains: {
        control: { ...linux, cpus: 1, memory: "128MiB" },
        ui: { ...linux, cpus: 2, memory: [{ at: 0x7000_0000, size: 160 * MiB }] },
      },
    },
  };
  const built = await build("disk-linux", twoLinux, "--format", "script,disk");
  await withMachine(fromDisks(built, [join(built.output, "disk.img")], "virtio"), async (machine) => {
    await machine.waitFor("control", "ready: shell on 1 CPUs", 240);
    await machine.waitFor("ui", "ready: shell on 2 CPUs", 240);
    await machine.ask("ui", "echo in-$((50+5))", "in-55");
  });
});
