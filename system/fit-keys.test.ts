import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { decode, encode, removeProperty } from "dtc-js";
import { expect, it } from "vitest";
import { withMachine } from "./testing/machine.ts";
import { guest, temporaryFolder } from "./testing/paths.ts";
import { build, xenimg } from "./testing/systems.ts";
import type { SystemRequest } from "./testing/systems.ts";
import { command, fromUboot, requireKey, stopAutoboot } from "./testing/uboot.ts";

const loadedAt = 0x9000_0000;
const oneGuest: SystemRequest = {
  board: { cpus: 1, memory: "2GiB" },
  system: { domains: { control: { kernel: guest("hello"), bootargs: "name=control", memory: "32MiB" } } },
};

it("U-Boot that got a second key boots what either of them signed, and would not without required-mode", async () => {
  const old = await requireKey(oneGuest);
  const next = join(temporaryFolder("next"), "next");
  const made = await xenimg("keygen", next, "--type", "rsa2048", "--uboot-dtb", old.control);
  expect([made.code, made.stdout]).toEqual([0, expect.stringContaining("any of key-dev, key-next")]);

  const decoded = decode(readFileSync(old.control));
  if (!decoded.ok) throw new Error(decoded.diagnostics[0].message);
  const all = join(temporaryFolder("all"), "control.dtb");
  writeFileSync(all, encode(removeProperty(decoded.value, "/signature", "required-mode")));

  for (const signer of [old.privateFile, `${next}.key`]) {
    const built = await build("fit", oneGuest, "--format", "fit", "--sign", signer);
    const files = [{ path: join(built.output, "image.itb"), at: loadedAt }];
    const boot = `bootm 0x${loadedAt.toString(16)}#conf-1`;
    await withMachine(fromUboot(built, old, files), async (machine) => {
      await stopAutoboot(machine);
      machine.type(`${boot}\n`);
      await machine.waitFor("control", "ready: control, 1 of 1 CPUs", 60);
    });
    await withMachine(fromUboot(built, { ...old, control: all }, files), async (machine) => {
      await stopAutoboot(machine);
      expect(await command(machine, boot)).toContain("Failed to verify required signature");
    });
  }
});

it("U-Boot boots a FIT whose files lie behind it, refuses one with a bit flipped there, and what it cannot verify", async () => {
  const key = await requireKey(oneGuest);
  const elliptic = join(temporaryFolder("elliptic"), "dev");
  expect((await xenimg("keygen", elliptic, "--type", "p256")).code).toBe(0);
  const make = async (name: string, signer: string, ...args: readonly string[]): Promise<Uint8Array> => {
    const { output } = await build(name, oneGuest, "--format", "fit", "--sign", signer, ...args);
    return readFileSync(join(output, "image.itb"));
  };
  const external = await make("external", key.privateFile, "--external-data", "--data-align", "0x1000");
  // A copy: a Buffer's slice would be the same bytes.
  const flipped = new Uint8Array(external);
  const middle = Math.floor(flipped.length / 2);
  flipped[middle] = (flipped[middle] ?? 0) ^ 1;
  const at = (index: number): number => loadedAt + index * 0x20_0000;
  const folder = temporaryFolder("forms");
  const files = [
    flipped,
    await make("pss", key.privateFile, "--padding", "pss"),
    await make("ecdsa", `${elliptic}.key`),
    await make("position", key.privateFile, "--data-position", "0x4000"),
    external,
  ].map((bytes, index) => {
    const path = join(folder, `${index}.itb`);
    writeFileSync(path, bytes);
    return { path, at: at(index) };
  });
  const built = await build("external", oneGuest, "--format", "fit", "--sign", key.privateFile, "--external-data");
  const boot = (index: number): string => `bootm 0x${at(index).toString(16)}#conf-1`;
  await withMachine(fromUboot(built, key, files), async (machine) => {
    await stopAutoboot(machine);
    expect(await command(machine, boot(0))).toMatch(/Bad hash value for 'hash-1' hash node|Bad Data Hash/);
    for (const index of [1, 2]) expect(await command(machine, boot(index))).toContain("Failed to verify required");
    expect(await command(machine, `iminfo 0x${at(3).toString(16)}`)).toContain(
      "Hash(es) for Image 0 (hypervisor): sha256+",
    );
    machine.type(`${boot(4)}\n`);
    await machine.waitFor("control", "ready: control, 1 of 1 CPUs", 60);
  });
});
