import { getProperty } from "../../find.ts";
import { nodeCheck } from "../check.ts";

/** Cells that nothing counts in. */
export const avoidUnnecessaryAddrSize = nodeCheck(
  "avoid_unnecessary_addr_size",
  (entry, judge) => {
    const { node, parent } = entry;
    if (!parent || !getProperty(node, "#address-cells") || !getProperty(node, "#size-cells")) return;
    if (getProperty(node, "ranges") || getProperty(node, "dma-ranges") || node.children.length === 0) return;
    if (node.children.some((child) => getProperty(child, "reg") || getProperty(child, "ranges"))) return;
    const unless = 'without "ranges", "dma-ranges" or child "reg" or "ranges" property';
    judge.fail(entry, `unnecessary #address-cells/#size-cells ${unless}`);
  },
  { property: "#address-cells", needs: ["avoid_default_addr_size"] },
);
