import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { readRaw } from "../compiler/index.ts";
import type { RawImage } from "../compiler/index.ts";
import { withMachine } from "./testing/machine.ts";
import { guest, temporaryFolder } from "./testing/paths.ts";
import { build, fromImage, xenimg } from "./testing/systems.ts";
import type { BuiltSystem } from "./testing/systems.ts";

describe("the core with an image.bin", () => {
  let built: BuiltSystem;
  let bytes: Buffer;
  let image: RawImage;
  beforeAll(async () => {
    const ramdisk = join(temporaryFolder("ramdisk"), "ramdisk");
    writeFileSync(ramdisk, "070701 a ramdisk that nobody unpacks");
    const domain = { memory: "32MiB", cpus: 1 };
    built = await build("raw", {
      board: { cpus: 2, memory: "1GiB" },
      system: {
        domains: {
          first: { ...domain, kernel: guest("digest"), ramdisk, bootargs: "name=first" },
          second: {
            ...domain,
            kernel: guest("clock"),
            bootargs: "name=second alarms=1",
            passthrough: ["/pl031@9010000"],
          },
        },
      },
    });
    bytes = readFileSync(join(built.output, "image.bin"));
    const read = readRaw(bytes);
    if (read.kind !== "image") throw new Error(JSON.stringify(read));
    ({ image } = read);
  });

  /** The image with one bit of that byte flipped, as a machine and as a file. */
  function flipped(at: number): { readonly path: string; readonly system: BuiltSystem } {
    const output = temporaryFolder("flipped");
    const altered = Buffer.from(bytes);
    altered[at] = (altered[at] ?? 0) ^ 1;
    const path = join(output, "image.bin");
    writeFileSync(path, altered);
    return { path, system: { ...built, output } };
  }

  /** The core says that line and nothing else is wrong; no domain is built, and `verify` refuses the file, too. */
  async function expectRefusal(at: number, line: RegExp): Promise<void> {
    const { path, system } = flipped(at);
    await withMachine(fromImage(system), async (machine) => {
      await machine.waitFor("hypervisor", "error: ", 60);
      await sleep(500);
      expect(machine.saidBy("hypervisor").map((text) => text.trim())).toEqual([expect.stringMatching(line)]);
      expect(machine.lines.filter(({ speaker }) => speaker !== "hypervisor")).toEqual([]);
    });
    const { code, stderr } = await xenimg("verify", path);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/XI6090/)]);
  }

  it("starts what was built, where the CPU's instructions and the others come to the same digests", async () => {
    expect(await xenimg("verify", join(built.output, "image.bin"))).toMatchObject({ code: 0 });
    await withMachine(fromImage(built), async (machine) => {
      await machine.waitFor("first", "digest: first 316 messages, differing 0", 90);
      await machine.waitFor("second", /clock: second took 1 alarms/, 90);
    });
  });

  it("names the module of which a byte was changed, and starts nothing", async () => {
    expect(image.modules).toHaveLength(4);
    for (const { path, kind, at } of image.modules) {
      const [, domain = ""] = /^\/chosen\/(\w+)\//.exec(path) ?? [];
      const name = kind === "device-tree" ? "passthrough" : kind;
      const machineAddress = (image.linkAddress + at.start).toString(16);
      const line = `^error: module ${domain}/${name} at 0x${machineAddress}: SHA-256 differs from the image's table$`;
      await expectRefusal(at.start + Math.floor(at.size / 2), new RegExp(line));
    }
  });

  it("says so of the device tree, and of the table itself", async () => {
    const { deviceTree, table } = image;
    const bootargs = bytes.indexOf("name=first", deviceTree.start);
    expect(bootargs).toBeLessThan(deviceTree.start + deviceTree.size);
    await expectRefusal(bootargs, /^error: .*device tree.*: SHA-256 differs from the image's table$/);
    await expectRefusal(table.start + 20, /^error: .*device tree.*: the image's table of parts is damaged$/);
  });
});
