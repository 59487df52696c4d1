import type { DeviceTree } from "../tree.ts";
import type { Decoded } from "./error.ts";

/** Reads a blob of version 16 or 17. Whatever the bytes are, the answer is a tree or one error with its offset. */
export function decode(_blob: Uint8Array): Decoded<DeviceTree> {
  throw new Error("decode follows");
}
