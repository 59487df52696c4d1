import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { writeInitramfs } from "./testing/initramfs.ts";
import { withMachine } from "./testing/machine.ts";
import { debian, guest, temporaryFolder } from "./testing/paths.ts";
import { build } from "./testing/systems.ts";
import type { BuiltSystem, SystemRequest } from "./testing/systems.ts";
import { fromUefi } from "./testing/uefi.ts";
import { watchable } from "./testing/upstream.ts";

const MiB = 1024 * 1024;
/** Where EDK2 leaves room. */
const loadAddress = 0x5000_0000;
const formats = ["--format", "uefi,disk"];
const onXen = ["--hypervisor", debian("xen"), "--target", "xen@4.17"];

const diskOf = ({ output }: BuiltSystem): string => join(output, "disk.img");

const twoGuests = (at: number, memory: string, bank: number): SystemRequest => ({
  board: { cpus: 2, memory },
  loadAddress: at,
  system: {
    domains: {
      control: { kernel: guest("hello"), bootargs: "name=control", memory: "32MiB" },
      ui: { kernel: guest("load"), bootargs: "name=ui", memory: [{ at: bank, size: 32 * MiB }] },
    },
  },
});

describe("EDK2 boots image.efi from disk.img", () => {
  const ramdisk = writeInitramfs(join(temporaryFolder("initramfs"), "initramfs.cpio.gz"));
  const linux = { kernel: debian("kernel"), ramdisk, bootargs: "console=ttyAMA0 quiet" };
  const twoLinux = watchable({
    board: { cpus: 3, memory: "2GiB" },
    loadAddress,
    system: {
      domains: { control: { ...linux, cpus: 1, memory: "128MiB" }, ui: { ...linux, cpus: 2, memory: "160MiB" } },
    },
  });

  it("with the core and two Debian Linux guests, which answer at their consoles", async () => {
    const built = await build("uefi", twoLinux, ...formats);
    await withMachine(fromUefi(built, [diskOf(built)]), async (machine) => {
      await machine.waitFor("hypervisor", "xenimg: starting the hypervisor at 0x50000000", 300);
      await machine.waitFor("control", "ready: shell on 1 CPUs", 300);
      await machine.waitFor("ui", "ready: shell on 2 CPUs", 300);
      await machine.ask("ui", "echo in-$((50+5))", "in-55");
    });
  });

  it("with upstream Xen 4.17 in the same wrapper", async () => {
    const built = await build("uefi-xen", twoLinux, ...formats, ...onXen);
    await withMachine(fromUefi(built, [diskOf(built)]), async (machine) => {
      await machine.waitFor("hypervisor", "xenimg: starting the hypervisor at 0x50000000", 300);
      await machine.waitFor("control", "ready: shell on 1 CPUs", 300);
      await machine.waitFor("ui", "ready: shell on 2 CPUs", 300);
    });
  });
});

describe("the stub of image.efi refuses", () => {
  it("memory that the firmware holds, that it keeps, that is not there; then the next disk boots", async () => {
    const good = await build("good", twoGuests(loadAddress, "2GiB", 0x7000_0000), ...formats);
    const held = await build("held", twoGuests(0x4400_0000, "2GiB", 0x7000_0000), ...formats);
    const kept = await build("kept", twoGuests(loadAddress, "2GiB", 0xbe00_0000), ...formats);
    const large = await build("large", twoGuests(loadAddress, "4GiB", 0x7000_0000), ...formats);
    await withMachine(fromUefi(good, [held, kept, large, good].map(diskOf)), async (machine) => {
      for (const domain of ["control", "ui"]) await machine.waitFor(domain, `ready: ${domain}, 1 of 1 CPUs`, 300);
      const said = machine.saidBy("hypervisor").flatMap((line) => /xenimg: .*/.exec(line) ?? []);
      expect(said).toEqual([
        expect.stringMatching(/^xenimg: hypervisor goes to 0x44000000 to \w+, and 0x44000000 is boot services'$/),
        expect.stringMatching(/^xenimg: domain ui owns 0xbe000000 to 0xc0000000, and 0x\w+ is runtime services'$/),
        "xenimg: RAM is 0x40000000 to 0x140000000, and 0xc0000000 is no memory",
        expect.stringMatching(/^xenimg: starting the hypervisor at 0x50000000, device tree at 0x\w+$/),
      ]);
    });
  });

  it("firmware that has left EL2", async () => {
    const built = await build("el1", twoGuests(loadAddress, "2GiB", 0x7000_0000), ...formats);
    await withMachine(fromUefi(built, [diskOf(built)], ",virtualization=off"), async (machine) => {
      await machine.waitFor("hypervisor", "xenimg: a hypervisor starts at EL2, and the firmware runs at EL1", 300);
    });
  });
});
