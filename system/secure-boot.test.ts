import { createPrivateKey } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { readPe } from "../compiler/codecs/pe/read.ts";
import { writeInitramfs } from "./testing/initramfs.ts";
import { withMachine } from "./testing/machine.ts";
import { debian, guest, temporaryFolder } from "./testing/paths.ts";
import { build, xenimg } from "./testing/systems.ts";
import type { BuiltSystem, SystemRequest } from "./testing/systems.ts";
import { fromUefi } from "./testing/uefi.ts";

const MiB = 1024 * 1024;
/** Where EDK2 leaves room. */
const loadAddress = 0x5000_0000;

/** The key that EDK2's variable store of Debian's package trusts; its passphrase is public. */
const certificate = "/usr/share/qemu-efi-aarch64/PkKek-1-snakeoil.pem";
const folder = temporaryFolder("snakeoil");
const key = join(folder, "snakeoil.key");
const pem = readFileSync("/usr/share/qemu-efi-aarch64/PkKek-1-snakeoil.key");
writeFileSync(key, createPrivateKey({ key: pem, passphrase: "snakeoil" }).export({ type: "pkcs8", format: "pem" }));

const formats = ["--format", "uefi,disk"];
const signed = [...formats, "--sign", key, "--cert", certificate];

const twoGuests: SystemRequest = {
  board: { cpus: 2, memory: "2GiB" },
  loadAddress,
  system: {
    domains: {
      control: { kernel: guest("hello"), bootargs: "name=control", memory: "32MiB" },
      ui: { kernel: guest("load"), bootargs: "name=ui", memory: [{ at: 0x7000_0000, size: 32 * MiB }] },
    },
  },
};

/** Numbers from 0 to below 1, the same each time. */
function* random(seed: number): Generator<number, never> {
  for (let state = seed; ;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

const diskOf = ({ output }: BuiltSystem): string => join(output, "disk.img");

describe("EDK2 with Secure Boot", () => {
  let good: BuiltSystem;
  let image: Uint8Array;
  let disk: Buffer;
  beforeAll(async () => {
    good = await build("signed", twoGuests, ...signed);
    image = readFileSync(join(good.output, "image.efi"));
    disk = readFileSync(diskOf(good));
  });

  /** A disk whose image.efi has one bit flipped; verify refuses that image. */
  async function altered(offset: number, name: string): Promise<string> {
    const at = disk.indexOf(image);
    expect(at).toBeGreaterThan(0);
    const bytes = Buffer.from(disk);
    bytes[at + offset] = (bytes[at + offset] ?? 0) ^ 1;
    const path = join(folder, `${name}.img`);
    writeFileSync(path, bytes);
    const file = join(folder, `${name}.efi`);
    writeFileSync(file, bytes.subarray(at, at + image.length));
    const { code, stdout } = await xenimg("verify", file, "--key", certificate);
    expect([name, code, stdout]).toEqual([name, 1, ""]);
    return path;
  }

  /** What EDK2 says of each disk, one after the other, until it boots the good one. */
  async function answers(disks: readonly string[]): Promise<readonly string[]> {
    let said: readonly string[] = [];
    await withMachine(fromUefi(good, [...disks, diskOf(good)], "", "secure"), async (machine) => {
      for (const domain of ["control", "ui"]) await machine.waitFor(domain, `ready: ${domain}, 1 of 1 CPUs`, 400);
      said = machine.saidBy("hypervisor").filter((line) => /BdsDxe: failed to load Boot/.test(line));
    });
    return said;
  }

  it("refuses what was altered, section by section, an unsigned image and another key's, then boots the signed one", async () => {
    const read = readPe(image);
    if (read.kind !== "pe" || read.pe.certificates === undefined) throw new Error("no signed PE");
    const { sections, certificates } = read.pe;
    const disks: string[] = [];
    for (const { name, file, memory } of sections) disks.push(await altered(file.start + (memory.size >> 1), name));
    disks.push(await altered(0x70, "header"), await altered(certificates.start + 0x2f0, "certificate"));
    disks.push(await altered(image.length - 40, "signature"));
    const unsigned = await build("unsigned", twoGuests, ...formats);
    await xenimg("keygen", join(folder, "stranger"));
    const stranger = ["--sign", join(folder, "stranger.key"), "--cert", join(folder, "stranger.crt")];
    const foreign = await build("foreign", twoGuests, ...formats, ...stranger);
    disks.push(diskOf(unsigned), diskOf(foreign));
    const said = await answers(disks);
    expect(said.length).toBe(disks.length);
    for (const line of said) expect(line).toContain("Access Denied");
  });

  it("refuses twenty single bits that were flipped at random", async () => {
    const numbers = random(7);
    const disks: string[] = [];
    // Behind the headers: an altered header may be no PE at all, for which EDK2 has other words.
    for (let index = 0; index < 20; index++)
      disks.push(await altered(4096 + Math.floor(numbers.next().value * (image.length - 4096 - 16)), `bit-${index}`));
    const said = await answers(disks);
    expect(said.length).toBe(20);
    for (const line of said) expect(line).toContain("Access Denied");
  });

  it("boots two Debian Linux guests from a signed image.efi, which answer at their consoles", async () => {
    const ramdisk = writeInitramfs(join(temporaryFolder("initramfs"), "initramfs.cpio.gz"));
    const linux = { kernel: debian("kernel"), ramdisk, bootargs: "console=ttyAMA0 quiet" };
    const twoLinux: SystemRequest = {
      board: { cpus: 3, memory: "2GiB" },
      loadAddress,
      system: {
        domains: { control: { ...linux, cpus: 1, memory: "128MiB" }, ui: { ...linux, cpus: 2, memory: "160MiB" } },
      },
    };
    const built = await build("linux", twoLinux, ...signed);
    await withMachine(fromUefi(built, [diskOf(built)], "", "secure"), async (machine) => {
      await machine.waitFor("control", "ready: shell on 1 CPUs", 400);
      await machine.waitFor("ui", "ready: shell on 2 CPUs", 400);
      await machine.ask("ui", "echo in-$((50+5))", "in-55");
    });
  });
});
