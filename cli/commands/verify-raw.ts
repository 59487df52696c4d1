import type { Piece } from "../../compiler/index.ts";
import { describeRawTrust, diagnose, readRaw, verifyRaw } from "../../compiler/index.ts";
import { digest } from "../adapters/host.ts";
import type { Proof } from "./proof.ts";
import { refused } from "./proof.ts";

const sha256 = (pieces: readonly Piece[]): string => digest("sha256", pieces);

/** Proves that an image.bin is whole, without a key: nobody signs one. Undefined for another file. */
export function verifyRawFile(file: string, bytes: Uint8Array): Proof | undefined {
  const read = readRaw(bytes);
  if (read.kind === "broken") return refused(diagnose("XI6102", { file, reason: read.reason }));
  if (read.kind !== "image") return undefined;
  return { diagnostics: verifyRaw(bytes, read.image, sha256), trust: describeRawTrust(read.image) };
}
