import type { DeviceTree } from "../tree.ts";

/** The tree as source text, as `dtc -O dts` prints it. */
export function print(_tree: DeviceTree): string {
  throw new Error("print follows");
}
