import type { DeviceTree } from "../tree.ts";

/** Writes a blob of version 17, byte for byte as `dtc -O dtb` does. References must have been resolved. */
export function encode(_tree: DeviceTree): Uint8Array {
  throw new Error("encode follows");
}
