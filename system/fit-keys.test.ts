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
  if (!decoded.ok) throw new Error(decoded.error.message);
  const all = join(temporaryFolder("all"), "control.dtb");
  writeFileSync(all, encode(removeProperty(decoded.tree, "/signature", "required-mode")));

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
