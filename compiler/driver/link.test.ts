import { createHash } from "node:crypto";
import { test } from "@fast-check/vitest";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { qemuVirt } from "../../boards/index.ts";
import type { SystemInput } from "../config/input.ts";
import { pieceLength, sizeOf } from "../ir/artifact.ts";
import type { Digest } from "../ir/host.ts";
import { readRaw } from "../pack/raw/read.ts";
import { stubFile } from "../testing/efi.ts";
import { realDigest } from "../testing/keys.ts";
import { build, outputs } from "../testing/outputs.ts";
import { testKey } from "../testing/keys.ts";
import { coreImage, files, kernelImage, twoDomains } from "../testing/system.ts";
import { readEfi } from "../verify/pe/read.ts";

const efiStub = { path: "efi-stub.bin", bytes: stubFile() };

describe("a build", () => {
  it("writes what design and guide promise", async () => {
    expect([...(await outputs(twoDomains, files)).keys()].sort()).toEqual([
      "domains/control/guest.dtb",
      "domains/ui/guest.dtb",
      "hypervisor.img",
      "image.bin",
      "manifest.json",
      "map.txt",
      "modules/control-kernel",
      "modules/ui-kernel",
      "modules/ui-ramdisk",
      "provenance.intoto.json",
      "run.sh",
      "sbom.cdx.json",
      "system.dtb",
      "system.dts",
    ]);
  });

  it("signs its manifest by whoever signs, in any format, and says who", async () => {
    const found = await outputs(twoDomains, files, { signer: { ...testKey("board"), development: true } });
    expect([...found.keys()]).toEqual(expect.arrayContaining(["image.bin", "manifest.json", "manifest.sig"]));
    const { signer } = JSON.parse(String(found.get("manifest.json"))) as Record<string, unknown>;
    expect(signer).toEqual({ name: "board", key: "RSA-2048", development: true });
  });

  it("refers in run.sh to no image that was not asked for", async () => {
    const found = await outputs(twoDomains, files, { formats: ["fit"] });
    expect([...found.keys()]).toEqual(expect.arrayContaining(["image.itb", "run.sh"]));
    expect([found.has("image.bin"), found.get("run.sh")?.includes("image.bin")]).toEqual([false, false]);
  });

  it("makes image.efi of the stub, which is an input as any other", async () => {
    const found = await outputs(twoDomains, files, { formats: ["uefi"], efiStub });
    expect(readEfi(found.get("image.efi") ?? Buffer.alloc(0)).kind).toBe("efi");
    const { inputs, outputs: listed } = JSON.parse(String(found.get("manifest.json"))) as Record<string, unknown[]>;
    expect(inputs).toContainEqual({
      path: "efi-stub.bin",
      owner: "EFI stub",
      size: 4136,
      sha256: createHash("sha256").update(stubFile()).digest("hex"),
    });
    expect(listed).toContainEqual(expect.objectContaining({ path: "image.efi" }));
  });

  it("XI6201: makes no image.efi of another program", async () => {
    const other = { path: "efi-stub.bin", bytes: files.Image };
    await expect(outputs(twoDomains, files, { formats: ["uefi"], efiStub: other })).rejects.toThrow(
      'cannot use the EFI stub "efi-stub.bin": it is no EFI stub of this version',
    );
  });

  it("hashes each input once, and each image once", async () => {
    const table = { ...files, Image: kernelImage(2 ** 20, 2 ** 20, 1), Image2: kernelImage(2 ** 20, 2 ** 20, 2) };
    const hashed = new Map<string, number>();
    const digest: Digest = (algorithm, pieces) => {
      const [first] = pieces;
      const size = pieces.reduce((sum, piece) => sum + pieceLength(piece), 0);
      const key = pieces.length === 1 && first instanceof Uint8Array && size >= 2 ** 20 ? "inputs" : "others";
      hashed.set(key, (hashed.get(key) ?? 0) + size);
      return realDigest(algorithm, pieces);
    };
    const built = await build(twoDomains, table, { formats: ["raw", "fit", "uefi"], efiStub, digest });
    const sizes = new Map(built.artifacts?.map((artifact) => [artifact.path, sizeOf(artifact)]));
    const images = ["image.bin", "image.itb", "image.efi"].reduce((sum, path) => sum + (sizes.get(path) ?? 0), 0);
    expect(images).toBeGreaterThan(6 * 2 ** 20);
    expect(hashed.get("inputs")).toBe(2 * 2 ** 20);
    expect(hashed.get("others")).toBeGreaterThan(images);
    expect(hashed.get("others")).toBeLessThan(images + 2 ** 19);
  });

  it("has the same bytes in another folder, time zone and order of files", async () => {
    const zone = process.env.TZ;
    const formats = ["raw", "fit", "uefi"] as const;
    const first = await outputs(twoDomains, files, { formats, efiStub });
    process.env.TZ = "Pacific/Chatham";
    try {
      const reversed = Object.fromEntries(Object.entries(files).reverse());
      const second = await outputs(twoDomains, reversed, { folder: "/else/where", formats, efiStub });
      expect([...second.keys()]).toEqual([...first.keys()]);
      for (const [path, bytes] of second) expect([path, first.get(path)?.equals(bytes)]).toEqual([path, true]);
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
  });

  it("keeps its inputs' bytes as they were", async () => {
    // As Node reads them.
    const buffers = Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, Buffer.from(bytes)]));
    const found = await outputs(twoDomains, buffers);
    for (const [name, bytes] of Object.entries(files))
      expect([name, buffers[name]?.equals(bytes)]).toEqual([name, true]);
    expect(found.get("hypervisor.img")?.equals(files["core.img"])).toBe(true);
  });

  const domain = fc.record({
    kernel: fc.integer({ min: 64, max: 40_000 }),
    extra: fc.nat({ max: 2 ** 20 }),
    ramdisk: fc.option(fc.integer({ min: 8, max: 40_000 }), { nil: undefined }),
    memory: fc.integer({ min: 16, max: 64 }),
  });

  test.prop([fc.array(domain, { minLength: 1, maxLength: 5 })], { numRuns: 10 })(
    "packs any system so that reading the image gives back each module",
    async (domains) => {
      const table: Record<string, Uint8Array> = { "core.img": coreImage() };
      const expected: Uint8Array[] = [];
      for (const [index, { kernel, extra, ramdisk }] of domains.entries()) {
        expected.push((table[`k${index}`] = kernelImage(kernel, kernel + extra, index + 1)));
        if (ramdisk === undefined) continue;
        const bytes = new Uint8Array(ramdisk).fill(0x80 + index);
        bytes.set(files["rootfs.cpio"].subarray(0, 6));
        expected.push((table[`r${index}`] = bytes));
      }
      const value: SystemInput = {
        board: qemuVirt({ gic: 3, cpus: 2, memory: "1GiB" }),
        domains: Object.fromEntries(
          domains.map(({ ramdisk, memory }, index) => [
            `d${index}`,
            { kernel: `k${index}`, ...(ramdisk !== undefined && { ramdisk: `r${index}` }), memory: `${memory}MiB` },
          ]),
        ),
      };
      const image = (await outputs(value, table)).get("image.bin");
      const read = image && readRaw(image);
      if (read?.kind !== "image") throw new Error(JSON.stringify(read));
      const contents = read.image.modules.map(({ at }) => image?.subarray(at.start, at.start + at.size));
      expect(contents.map((bytes, index) => bytes?.equals(expected[index] ?? Buffer.alloc(0)))).toEqual(
        expected.map(() => true),
      );
    },
  );
});
