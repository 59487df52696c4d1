import { nodeCheck } from "../check.ts";

/** Names what a bus is by: its compatible strings must be sound. */
export const simpleBusBridge = nodeCheck("simple_bus_bridge", () => undefined, {
  needs: ["addr_size_cells", "compatible_is_string_list"],
});
