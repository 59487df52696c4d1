import { nodeCheck } from "../check.ts";

/** Others count on both numbers. */
export const addrSizeCells = nodeCheck("addr_size_cells", () => undefined, {
  needs: ["address_cells_is_cell", "size_cells_is_cell"],
});
