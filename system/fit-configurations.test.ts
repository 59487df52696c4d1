import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { decode, encode, findNode, getProperty, setProperty } from "dtc-js";
import { beforeAll, describe, expect, it } from "vitest";
import { withMachine } from "./testing/machine.ts";
import { guest, temporaryFolder } from "./testing/paths.ts";
import { xenimg } from "./testing/systems.ts";
import type { BuiltSystem } from "./testing/systems.ts";
import { fromDisks, fromUboot, requireKey, stopAutoboot } from "./testing/uboot.ts";
import type { RequiredKey } from "./testing/uboot.ts";

const board = { cpus: 2, memory: "2GiB" } as const;
/** Beyond all that the images use. */
const loadedAt = 0x9000_0000;

const domains = (name: string): string =>
  JSON.stringify({ [name]: { kernel: guest("hello"), bootargs: `name=${name}`, memory: "32MiB" } });

/** One bit in the device tree of the default configuration: its own, unlike hypervisor and kernel. */
function damaged(blob: Uint8Array): Uint8Array {
  const decoded = decode(blob);
  if (!decoded.ok) throw new Error(decoded.diagnostics[0].message);
  const path = "/images/device-tree";
  const found = getProperty(findNode(decoded.value, path) ?? decoded.value.root, "data");
  if (found === undefined) throw new Error("no device tree");
  const bytes = found.value.bytes.slice();
  bytes[bytes.length / 2] = (bytes[bytes.length / 2] ?? 0) ^ 1;
  return encode(setProperty(decoded.value, path, { ...found, value: { bytes, markers: [] } }));
}

describe("a FIT of two configurations, in a U-Boot that requires our key", () => {
  const folder = temporaryFolder("configurations");
  const output = join(folder, "out");
  const built = (domain: string): BuiltSystem => ({ board, system: { domains: {} }, output, domains: [domain] });
  let key: RequiredKey;
  beforeAll(async () => {
    key = await requireKey({ board, system: { domains: {} } });
    const config = join(folder, "board.ts");
    writeFileSync(
      config,
      `import { defineSystem } from "xenimg";
import { qemuVirt } from "xenimg/boards";

const board = qemuVirt(${JSON.stringify({ gic: 3, ...board })});
export default defineSystem({ board, domains: ${domains("main")} });
export const rescue = defineSystem({ board, domains: ${domains("rescue")} });
`,
    );
    const args = [config, `${config}#rescue`, "--format", "fit,disk", "--sign", key.privateFile, "-o", output];
    expect(await xenimg("build", ...args)).toMatchObject({ code: 0, stderr: "" });
  });

  it("boots the first from its disk by itself", async () => {
    await withMachine(fromDisks(built("main"), [join(output, "disk.img")], "virtio", key), async (machine) => {
      await machine.waitFor("hypervisor", "sha256,rsa2048:dev+ OK", 120);
      await machine.waitFor("main", "ready: main, 1 of 1 CPUs", 60);
    });
  });

  it("boots the second where the first is damaged, which it refuses", async () => {
    const path = join(folder, "damaged.itb");
    writeFileSync(path, damaged(readFileSync(join(output, "image.itb"))));
    // The very line of the script that is on the disk.
    const script = join(folder, "script");
    expect((await xenimg("extract", join(output, "disk.img"), "boot.scr", "-o", script)).code).toBe(0);
    const line = /bootm 0x[0-9a-f]+#board \|\| bootm 0x[0-9a-f]+#board-rescue/.exec(
      readFileSync(join(script, "boot.scr"), "latin1"),
    );
    const typed = line?.[0].replaceAll(/0x[0-9a-f]+/g, `0x${loadedAt.toString(16)}`) ?? "";
    await withMachine(fromUboot(built("rescue"), key, [{ path, at: loadedAt }]), async (machine) => {
      await stopAutoboot(machine);
      const from = machine.lines.length;
      machine.type(`${typed}\n`);
      await machine.waitFor(
        "hypervisor",
        /Bad hash value for 'hash-1' hash node in 'device-tree' image node|Bad Data Hash/,
        60,
        from,
      );
      await machine.waitFor("rescue", "ready: rescue, 1 of 1 CPUs", 60, from);
      expect(machine.lines.filter(({ text }) => text.includes("ready: main"))).toEqual([]);
    });
  });
});
