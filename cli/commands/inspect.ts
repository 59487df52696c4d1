import { resolve } from "node:path";
import { decode, print } from "dtc-js";
import { describeRaw, diagnose, readRaw } from "../../compiler/index.ts";
import { reasonOf } from "../adapters/errors.ts";
import { readRegularFile } from "../adapters/files.ts";
import type { Surroundings } from "../adapters/terminal.ts";
import { report } from "./system.ts";

/** What a file holds, as text; undefined where this format is not the file's. Throws with the reason where it is broken. */
type Reader = (bytes: Uint8Array) => string | undefined;

/** Devicetree Specification 0.4, 5.2. */
const treeMagic = 0xd00dfeed;

const deviceTree: Reader = (bytes) => {
  if (bytes.length < 4 || new DataView(bytes.buffer, bytes.byteOffset).getUint32(0) !== treeMagic) return undefined;
  const decoded = decode(bytes);
  if (!decoded.ok) throw new Error(decoded.error.message);
  return print(decoded.tree);
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

const readers = [deviceTree, manifest, image];

/** Says what is in an image, a device tree blob or a manifest. */
export async function inspect(file: string, surroundings: Surroundings): Promise<number> {
  try {
    const bytes = await readRegularFile(resolve(surroundings.cwd, file));
    for (const reader of readers) {
      const text = reader(bytes);
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
