import { gzipSync } from "node:zlib";
import { fc, it as property } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { recogniseKernel } from "./kernel.ts";

const place = { path: ["domains", "ui", "kernel"] };
const recognise = (bytes: Uint8Array) => recogniseKernel({ path: "Image", bytes }, place);
const formatOf = (bytes: Uint8Array) => recognise(bytes).value?.format;
const codes = (bytes: Uint8Array): readonly string[] => recognise(bytes).diagnostics.map(({ code }) => code);

interface Header {
  readonly textOffset?: number;
  readonly imageSize?: number;
  readonly flags?: number;
  /** End of the last section in the PE header of an EFI stub. */
  readonly peEnd?: number;
}

function image(size: number, { textOffset = 0, imageSize = 0x20_0000, flags = 0xa, peEnd }: Header = {}): Uint8Array {
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(8, BigInt(textOffset), true);
  view.setBigUint64(16, BigInt(imageSize), true);
  view.setBigUint64(24, BigInt(flags), true);
  view.setUint32(56, 0x644d_5241, true);
  if (peEnd !== undefined) {
    view.setUint16(0, 0x5a4d, true);
    view.setUint32(60, 64, true);
    view.setUint32(64, 0x4550, true);
    view.setUint16(64 + 6, 1, true);
    view.setUint16(64 + 20, 16, true);
    view.setUint32(64 + 24 + 16 + 16, peEnd - 1000, true);
    view.setUint32(64 + 24 + 16 + 20, 1000, true);
  }
  return bytes;
}

describe("a kernel file", () => {
  it("is an arm64 Image by its magic; BSS counts", () => {
    expect(formatOf(image(4096, { textOffset: 0x8_0000 }))).toEqual({
      kind: "arm64-image",
      textOffset: 0x8_0000,
      hypervisor: false,
      imageSize: 0x20_0000,
      littleEndian: true,
    });
    expect(formatOf(image(4096, { flags: 1 }))).toMatchObject({ littleEndian: false });
  });

  it("is a hypervisor where it holds what upstream Xen tells its guests, unless it is larger than any Xen", () => {
    const xen = (size: number): Uint8Array => {
      const bytes = image(size);
      bytes.set(new TextEncoder().encode("xen-%d.%d-aarch64 \0"), size - 100);
      return bytes;
    };
    expect(formatOf(xen(4096))).toMatchObject({ hypervisor: true });
    expect(formatOf(gzipSync(xen(4096)))).toMatchObject({ inner: { hypervisor: true } });
    expect(formatOf(image(4096))).toMatchObject({ hypervisor: false });
    expect(formatOf(xen(17 * 2 ** 20))).toMatchObject({ hypervisor: false });
  });

  it("without a size takes what its file has", () => {
    expect(formatOf(image(4096, { imageSize: 0 }))).toMatchObject({ textOffset: 0, imageSize: 4096 });
  });

  it("is cut short where its PE sections reach further", () => {
    expect(codes(image(4096, { peEnd: 4096 }))).toEqual([]);
    expect(codes(image(4096, { peEnd: 4096 }).subarray(0, 4095))).toEqual(["XI2004"]);
    expect(codes(image(4096, { peEnd: 4096 }).subarray(0, 100))).toEqual(["XI2004"]);
    expect(codes(image(4096, { peEnd: 4096 }).subarray(0, 40))).toEqual(["XI2004"]);
  });

  it("may be gzip around an Image", () => {
    const inner = { textOffset: 0, imageSize: 0x20_0000, littleEndian: true, hypervisor: false };
    expect(formatOf(gzipSync(image(4096)))).toEqual({ kind: "gzip", unpackedSize: 4096, inner });
    expect(formatOf(gzipSync(new Uint8Array(100)))).toEqual({ kind: "gzip", unpackedSize: 100 });
  });

  it("inside gzip may be of the wrong byte order, or cut short", () => {
    expect(formatOf(gzipSync(image(4096, { flags: 1 })))).toMatchObject({ inner: { littleEndian: false } });
    expect(codes(gzipSync(image(4096, { peEnd: 5000 })))).toEqual(["XI2004"]);
  });

  it("of gzip is damaged where bits are, where it ends early, and where something is appended", () => {
    const whole = gzipSync(image(4096));
    expect(codes(whole.subarray(0, 12))).toEqual(["XI2005"]);
    expect(codes(whole.subarray(0, -5))).toEqual(["XI2005"]);
    expect(codes(Uint8Array.from([...whole, 1, 2, 3, 4, 5, 6, 7, 0]))).toEqual(["XI2005"]);
    expect(codes(whole.map((byte, index) => (index === whole.length - 8 ? byte ^ 1 : byte)))).toEqual(["XI2005"]);
  });

  function uimage(data: Uint8Array, { arch = 22, compression = 0 } = {}): Uint8Array {
    const file = new Uint8Array(64 + data.length);
    const view = new DataView(file.buffer);
    view.setUint32(0, 0x2705_1956);
    view.setUint32(12, data.length);
    view.setUint32(16, 0x4008_0000);
    view.setUint8(29, arch);
    view.setUint8(31, compression);
    file.set(data, 64);
    return file;
  }

  it("may be a uImage around an Image, packed or not", () => {
    const inner = { textOffset: 0, imageSize: 0x20_0000, littleEndian: true, hypervisor: false };
    expect(formatOf(uimage(image(4096)))).toEqual({ kind: "uimage", load: 0x4008_0000, inner });
    expect(formatOf(uimage(gzipSync(image(4096)), { compression: 1 }))).toMatchObject({ kind: "uimage", inner });
    expect(codes(uimage(image(4096)).subarray(0, 4000))).toEqual(["XI2004"]);
    expect(codes(uimage(gzipSync(image(4096)).subarray(0, 20), { compression: 1 }))).toEqual(["XI2005"]);
  });

  it("is nothing known where a uImage is for another architecture, or packed in another way", () => {
    expect(formatOf(uimage(image(4096), { arch: 2 }))).toEqual({ kind: "unknown" });
    expect(formatOf(uimage(image(4096), { compression: 3 }))).toEqual({ kind: "unknown" });
  });

  property.prop([fc.uint8Array({ min: 0, max: 255, maxLength: 300 })])(
    "is something, whatever its bytes are",
    (bytes) => {
      const { value, diagnostics } = recognise(bytes);
      expect(value === undefined).toBe(diagnostics.length > 0);
    },
  );

  property.prop([fc.uint8Array({ maxLength: 80 }), fc.nat(400)], { numRuns: 300 })(
    "is something, whatever is changed in it",
    (noise, at) => {
      const bytes = image(500, { peEnd: 450 });
      bytes.set(noise.subarray(0, 500 - at), at);
      const { value, diagnostics } = recognise(bytes);
      expect(value === undefined).toBe(diagnostics.length > 0);
    },
  );
});
