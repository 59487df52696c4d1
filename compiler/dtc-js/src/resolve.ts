import type { Result } from "./diagnostic.ts";
import type { DeviceTree } from "./tree.ts";

/**
 * Fills in what references stand for: allocates phandles where they are needed, writes phandle cells and path strings,
 * drops `/omit-if-no-ref/` nodes that nothing refers to. Can be repeated after edits.
 */
export function resolveReferences(_tree: DeviceTree): Result<DeviceTree> {
  throw new Error("resolveReferences follows");
}
