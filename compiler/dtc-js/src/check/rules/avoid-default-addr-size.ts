import { getProperty } from "../../find.ts";
import { nodeCheck } from "../check.ts";

/** Devicetree Specification 0.4, 2.3.5: a parent states its cells; nobody should count on the defaults. */
export const avoidDefaultAddrSize = nodeCheck(
  "avoid_default_addr_size",
  (entry, judge) => {
    const { node, parent } = entry;
    if (!parent) return;
    if (!getProperty(node, "reg") && !getProperty(node, "ranges")) return;
    for (const cells of ["#address-cells", "#size-cells"]) {
      if (!getProperty(parent.node, cells)) judge.fail(entry, `Relying on default ${cells} value`);
    }
  },
  { needs: ["addr_size_cells"] },
);
