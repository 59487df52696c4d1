import { resolve } from "node:path";
import { decode, print } from "dtc-js";
import {
  describeDisk,
  describeEfi,
  describeFit,
  describeForeignFit,
  describePe,
  describeRaw,
  diagnose,
  loadAuthenticode,
  readDisk,
  readEfi,
  readFit,
  readRaw,
} from "../../compiler/index.ts";
import { reasonOf } from "../adapters/errors.ts";
import { readRegularFile } from "../adapters/files.ts";
import type { Surroundings } from "../adapters/terminal.ts";
import { report } from "./system.ts";

/** What a file holds, as text; undefined where this format is not the file's. Throws with the reason where it is broken. */
type Reader = (bytes: Uint8Array) => string | undefined | Promise<string | undefined>;

/** Devicetree Specification 0.4, 5.2. */
const treeMagic = 0xd00dfeed;

const deviceTree: Reader = (bytes) => {
  if (bytes.length < 4 || new DataView(bytes.buffer, bytes.byteOffset).getUint32(0) !== treeMagic) return undefined;
  const decoded = decode(bytes);
  if (!decoded.ok) throw new Error(decoded.diagnostics[0].message);
  return print(decoded.value);
};

const fit: Reader = (bytes) => {
  const read = readFit(bytes);
  if (read.kind === "fit") return describeFit(read.fit);
  return read.kind === "broken" && read.tree ? describeForeignFit(read.tree, read.reason) : undefined;
};

const efi: Reader = async (bytes) => {
  const read = readEfi(bytes);
  // An arm64 Image with an EFI stub of its own is no PE of ours, but an Image all the same.
  if (read.kind === "not-a-pe" || (read.kind !== "efi" && readRaw(bytes).kind !== "not-an-image")) return undefined;
  if (read.kind === "broken") throw new Error(read.reason);
  const text = read.kind === "efi" ? describeEfi(read.efi) : describePe(read.pe);
  const pe = read.kind === "efi" ? read.efi.pe : read.pe;
  if (pe.certificates === undefined) return text;
  const { describeSignature, readPeSignature } = await loadAuthenticode();
  return text + describeSignature(readPeSignature(bytes, pe));
};

const manifest: Reader = (bytes) => {
  if (bytes[0] !== 0x7b /* { */) return undefined;
  return `${JSON.stringify(JSON.parse(new TextDecoder().decode(bytes)), undefined, 2)}\n`;
};

const image: Reader = (bytes) => {
  const read = readRaw(bytes);
  switch (read.kind) {
    case "not-an-image":
      return undefined;
    case "broken":
      throw new Error(read.reason);
    case "bare":
      return `${read.core ? "xenimg core" : "arm64 Image"} without modules, image_size ${read.imageSize} bytes\n`;
    case "image":
      return describeRaw(read.image);
  }
};

/** U-Boot's image.h: 32 bytes of text at 32 name it, the size of its data is at 12. */
const uimageMagic = 0x27051956;

const uimage: Reader = (bytes) => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 64 || view.getUint32(0) !== uimageMagic) return undefined;
  const name = new TextDecoder("latin1")
    .decode(bytes.subarray(32, 64))
    .replace(/[^ -~]/g, "")
    .trim();
  return `U-Boot legacy image (uImage) ${JSON.stringify(name)}, ${view.getUint32(12)} bytes of data\n`;
};

const disk: Reader = (bytes) => {
  const read = readDisk([bytes]);
  if (read.kind === "broken") throw new Error(read.reason);
  return read.kind === "disk" ? describeDisk(read.disk) : undefined;
};

const source: Reader = (bytes) =>
  /^\s*\/dts-v1\//.test(new TextDecoder().decode(bytes.subarray(0, 4096)))
    ? `device tree source, ${bytes.length} bytes\n`
    : undefined;

const readers = [fit, deviceTree, manifest, efi, image, uimage, disk, source];

/** Says what is in an image, a device tree blob or a manifest. */
export async function inspect(file: string, surroundings: Surroundings): Promise<number> {
  try {
    const bytes = await readRegularFile(resolve(surroundings.cwd, file));
    for (const reader of readers) {
      const text = await reader(bytes);
      if (text !== undefined) {
        surroundings.stdout(text);
        return 0;
      }
    }
    return report(
      [diagnose("XI7401", { file, reason: "its first bytes are those of no format that is known" })],
      "pretty",
      surroundings,
    );
  } catch (error) {
    return report([diagnose("XI7401", { file, reason: reasonOf(error) })], "pretty", surroundings);
  }
}
