import { describe, expect, it } from "vitest";
import { qemuVirt } from "../../boards/index.ts";
import { MiB } from "../base/units.ts";
import type { SystemInput } from "../config/input.ts";
import { checkLoaded } from "./check.ts";
import { checkSystem, placedSystem, twoDomains } from "../testing/system.ts";

const ui: SystemInput["domains"][string] = { kernel: "Image", ramdisk: "rootfs.cpio", memory: MiB(32) };
const imageSize = (await placedSystem({ ...twoDomains, cpupools: {}, domains: { ui } })).image.size;
const block = 2 * 2 ** 20;

/** What is said of an image that begins there, in RAM of so many MiB from 1 GiB. */
async function codes(loadAddress: number, memory: number): Promise<readonly string[]> {
  const board = { ...qemuVirt({ gic: 3, cpus: 4, memory: MiB(memory) }), loadAddress };
  const { diagnostics, placed } = await checkSystem({ board, domains: { ui } });
  expect(placed?.image.start).toBe(loadAddress);
  return diagnostics.map(({ code }) => code);
}

describe("XI4520: U-Boot's place", () => {
  const end = 0x4000_0000 + 2048 * 2 ** 20;
  const last = Math.floor((end - 64 * 2 ** 20 - imageSize) / block) * block;

  it("is the last 64 MiB of RAM, to which an image may reach", async () => {
    expect(await codes(last, 2048)).not.toContain("XI4520");
    expect(await codes(last + block, 2048)).toContain("XI4520");
  });

  it("is below 4 GiB, also where RAM goes on", async () => {
    expect(await codes(0xf800_0000, 8192)).not.toContain("XI4520");
    expect(await codes(0xfd00_0000, 8192)).toContain("XI4520");
    expect(await codes(2 ** 32, 8192)).not.toContain("XI4520");
  });

  it("is not looked for where there is little RAM", async () => {
    expect(await codes(0x4400_0000, 128)).not.toContain("XI4520");
  });
});

describe("an image of the hypervisor", () => {
  /** What is said of a hypervisor with another header, or of another length. */
  const said = async (formats: readonly string[], change: (image: Uint8Array) => Uint8Array): Promise<unknown> => {
    const placed = await placedSystem(twoDomains);
    const { image } = placed.resolved.hypervisor;
    const file = { ...image.file, bytes: change(Uint8Array.from(image.file.bytes)) };
    const resolved = { ...placed.resolved, hypervisor: { ...placed.resolved.hypervisor, image: { ...image, file } } };
    return checkLoaded({ placed: { ...placed, resolved }, formats }).diagnostics.map(({ code }) => code);
  };
  const set =
    (offset: number, value: number) =>
    (image: Uint8Array): Uint8Array => {
      new DataView(image.buffer).setBigUint64(offset, BigInt(value), true);
      return image;
    };

  it("XI4530: stays where it is if its header says so", async () => {
    for (const formats of [["script"], ["disk"], ["raw", "disk"]]) {
      expect(await said(formats, (image) => image)).toEqual([]);
      for (const change of [set(8, 0x8_0000), set(16, 0), set(24, 2)])
        expect(await said(formats, change)).toEqual(["XI4530"]);
    }
    for (const formats of [["fit", "disk"], ["fit"], ["raw"]]) expect(await said(formats, set(24, 2))).toEqual([]);
  });

  it("XI4531: is no longer than bootm takes", async () => {
    // Only the length is asked for: no memory is needed to be too long.
    const long = (value: number) => (image: Uint8Array) => Object.defineProperty(image, "length", { value });
    expect(await said(["fit"], long(2 ** 26))).toEqual([]);
    expect(await said(["fit"], long(2 ** 26 + 1))).toEqual(["XI4531"]);
    expect(await said(["raw"], long(2 ** 26 + 1))).toEqual([]);
  });
});
