import { bytes, formatSize } from "../base/units.ts";
import { imageHeader, readImageHeader } from "../codecs/arm64-image.ts";
import { diagnose } from "../diagnostics/catalogue.ts";
import type { Label, Outcome } from "../diagnostics/diagnostic.ts";
import type { InputFile, KernelImage } from "../ir/resolved.ts";
import { isGzip, unpack } from "./gzip.ts";

/** What a kernel file is. Damage is reported here; whether the hypervisor loads the format is CHECK's to say. */
export function recogniseKernel(file: InputFile, primary: Label): Outcome<KernelImage> {
  if (isGzip(file.bytes)) return recogniseGzip(file, primary);
  const header = readImageHeader(file.bytes);
  if (header) {
    if (header.fileSize > file.bytes.length) return cutShort(file, header.fileSize, primary);
    const { textOffset, littleEndian } = header;
    const imageSize = bytes(Math.max(header.imageSize, file.bytes.length));
    return found(file, { kind: "arm64-image", textOffset, imageSize, littleEndian });
  }
  const kind = otherFormat(file.bytes);
  if (kind === "uimage") return recogniseUimage(file, primary);
  if (kind !== "unknown") return found(file, { kind });
  // Every format has a header of 64 bytes, an EFI stub's begins with "MZ".
  const stub = file.bytes[0] === 0x4d && file.bytes[1] === 0x5a;
  return stub && file.bytes.length < imageHeader.size
    ? cutShort(file, imageHeader.size, primary)
    : found(file, { kind });
}

const found = (file: InputFile, format: KernelImage["format"]): Outcome<KernelImage> => ({
  value: { file, format },
  diagnostics: [],
});

const cutShort = (file: InputFile, needed: number, primary: Label): Outcome<KernelImage> => ({
  diagnostics: [
    diagnose(
      "XI2004",
      { what: "the kernel", path: file.path, size: formatSize(file.bytes.length), needed: formatSize(needed) },
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
  const header = readImageHeader(unpacked.bytes);
  if (!header) return found(file, { kind: "gzip", unpackedSize });
  const inner = { textOffset: header.textOffset, imageSize: bytes(Math.max(header.imageSize, unpackedSize)) };
  return found(file, { kind: "gzip", unpackedSize, inner });
}

/** U-Boot's image.h, big endian: 12 size of the data, 16 load address; the data follows the 64 bytes of the header. */
function recogniseUimage(file: InputFile, primary: Label): Outcome<KernelImage> {
  const view = new DataView(file.bytes.buffer, file.bytes.byteOffset, file.bytes.byteLength);
  if (file.bytes.length < uimageHeaderSize) return cutShort(file, uimageHeaderSize, primary);
  const end = uimageHeaderSize + view.getUint32(12);
  if (end > file.bytes.length) return cutShort(file, end, primary);
  const data = file.bytes.subarray(uimageHeaderSize, end);
  const header = readImageHeader(data);
  const inner = header && { textOffset: header.textOffset, imageSize: bytes(Math.max(header.imageSize, data.length)) };
  return found(file, { kind: "uimage", load: view.getUint32(16), ...(inner && { inner }) });
}

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
