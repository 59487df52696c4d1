import { MiB, bytes, formatSize } from "../base/units.ts";
import { imageHeader, readImageHeader } from "../codecs/arm64-image.ts";
import { readBootHeader } from "../codecs/boot-header.ts";
import { diagnose } from "../diagnostics/catalogue.ts";
import type { Label, Outcome } from "../diagnostics/diagnostic.ts";
import type { InputFile } from "../ir/input-file.ts";
import type { Arm64Image, KernelImage } from "../ir/resolved.ts";
import { isGzip, unpack } from "./gzip.ts";

/** What a kernel file is. Damage is reported here; whether the hypervisor loads the format is CHECK's to say. */
export function recogniseKernel(file: InputFile, primary: Label): Outcome<KernelImage> {
  if (isGzip(file.bytes)) return recogniseGzip(file, primary);
  const image = imageIn(file.bytes);
  if (image)
    return image.needed > file.bytes.length
      ? cutShort(file, image.needed, primary)
      : found(file, { kind: "arm64-image", ...image.facts });
  const kind = otherFormat(file.bytes);
  if (kind === "uimage") return recogniseUimage(file, primary);
  if (kind !== "unknown") return found(file, { kind });
  // Every format has a header of 64 bytes, an EFI stub's begins with "MZ".
  const stub = file.bytes[0] === 0x4d && file.bytes[1] === 0x5a;
  return stub && file.bytes.length < imageHeader.size
    ? cutShort(file, imageHeader.size, primary)
    : found(file, { kind });
}

/** An arm64 Image, whatever it was wrapped in; `needed` are the bytes that its headers count. */
function imageIn(data: Uint8Array): { readonly facts: Arm64Image; readonly needed: number } | undefined {
  const header = readImageHeader(data);
  if (header === undefined) return undefined;
  const { textOffset, littleEndian, imageSize, efiStub, fileSize } = header;
  const hypervisor = readBootHeader(data) !== undefined || isXen(data);
  const inMemory = bytes(Math.max(imageSize, data.length));
  return {
    facts: { textOffset, littleEndian, imageSize: inMemory, hypervisor, ...(efiStub && { efiStub }) },
    needed: fileSize,
  };
}

/**
 * Upstream Xen tells guests what it is called by this format (public/version.h, XENVER_capabilities: "xen-4.17-aarch64"), so
 * that its image holds it. Xen's images have one or two MiB: a large kernel is not searched.
 */
const capabilities = "xen-%d.%d-aarch64";
const largestXen = MiB(16);

const isXen = (data: Uint8Array): boolean =>
  data.length <= largestXen && new TextDecoder("latin1").decode(data).includes(capabilities);

const found = (file: InputFile, format: KernelImage["format"]): Outcome<KernelImage> => ({
  value: { file, format },
  diagnostics: [],
});

const cutShort = (file: InputFile, needed: number, primary: Label, size = file.bytes.length): Outcome<KernelImage> => ({
  diagnostics: [
    diagnose(
      "XI2004",
      { what: "the kernel", path: file.path, size: formatSize(size), needed: formatSize(needed) },
      { primary },
    ),
  ],
});

function recogniseGzip(file: InputFile, primary: Label): Outcome<KernelImage> {
  const unpacked = unpack(file.bytes);
  if (unpacked.kind === "damaged")
    return { diagnostics: [diagnose("XI2005", { path: file.path, reason: unpacked.reason }, { primary })] };
  if (unpacked.kind === "too-large") return found(file, { kind: "gzip", unpackedSize: bytes(unpacked.size) });
  const unpackedSize = bytes(unpacked.bytes.length);
  const image = imageIn(unpacked.bytes);
  if (image && image.needed > unpackedSize) return cutShort(file, image.needed, primary, unpackedSize);
  return found(file, { kind: "gzip", unpackedSize, ...(image && { inner: image.facts }) });
}

/**
 * U-Boot's image.h, big endian: 12 size of the data, 16 load address, 29 architecture, 31 compression; the data follows
 * the 64 bytes of the header.
 */
function recogniseUimage(file: InputFile, primary: Label): Outcome<KernelImage> {
  const view = new DataView(file.bytes.buffer, file.bytes.byteOffset, file.bytes.byteLength);
  if (file.bytes.length < uimageHeaderSize) return cutShort(file, uimageHeaderSize, primary);
  const end = uimageHeaderSize + view.getUint32(12);
  if (end > file.bytes.length) return cutShort(file, end, primary);
  const compression = view.getUint8(31);
  if (view.getUint8(29) !== uimageArm64 || compression > uimageGzip) return found(file, { kind: "unknown" });
  const data = file.bytes.subarray(uimageHeaderSize, end);
  const unpacked = isGzip(data) ? unpack(data) : undefined;
  if (unpacked?.kind === "damaged")
    return { diagnostics: [diagnose("XI2005", { path: file.path, reason: unpacked.reason }, { primary })] };
  const image =
    unpacked === undefined ? imageIn(data) : unpacked.kind === "too-large" ? undefined : imageIn(unpacked.bytes);
  return found(file, { kind: "uimage", load: view.getUint32(16), ...(image && { inner: image.facts }) });
}

const uimageArm64 = 22;
const uimageGzip = 1;
const uimageHeaderSize = 64;

/** uImage: U-Boot's image.h. zImage: Linux, Documentation/arch/arm/booting.rst and its header word at 0x24. */
function otherFormat(file: Uint8Array): "uimage" | "zimage" | "elf" | "unknown" {
  if (file.length < 40) return "unknown";
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (view.getUint32(0) === 0x2705_1956) return "uimage";
  if (view.getUint32(0) === 0x7f45_4c46) return "elf";
  if (view.getUint32(0x24, true) === 0x016f_2818) return "zimage";
  return "unknown";
}
