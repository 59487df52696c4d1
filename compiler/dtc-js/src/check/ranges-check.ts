import type { CheckName } from "../diagnostic.ts";
import { getProperty } from "../find.ts";
import { addressCells, sizeCells } from "./cells.ts";
import { nodeCheck, type Check } from "./check.ts";

/** Devicetree Specification 0.4, 2.3.8 and 2.3.9: a child's address, the parent's, and a size; or the same as above. */
export const rangesCheck = (check: CheckName, name: string): Check =>
  nodeCheck(
    check,
    (entry, judge) => {
      const ranges = getProperty(entry.node, name);
      if (!ranges) return;
      const { parent, node } = entry;
      if (!parent) {
        judge.fail(entry, `Root node has a "${name}" property`, ranges);
        return;
      }
      const { length } = ranges.value.bytes;
      const above = { address: addressCells(parent.node), size: sizeCells(parent.node) };
      const own = { address: addressCells(node), size: sizeCells(node) };
      if (length === 0) {
        const say = (cells: string, mine: number, theirs: number): void => {
          if (mine === theirs) return;
          const message = `empty "${name}" property but its ${cells} (${mine}) differs from ${parent.path} (${theirs})`;
          judge.fail(entry, message, ranges);
        };
        say("#address-cells", own.address, above.address);
        say("#size-cells", own.size, above.size);
        return;
      }
      const item = (above.address + own.address + own.size) * 4;
      if (item !== 0 && length % item === 0) return;
      const cells = `(parent #address-cells == ${above.address}, child #address-cells == ${own.address}, #size-cells == ${own.size})`;
      judge.fail(entry, `"${name}" property has invalid length (${length} bytes) ${cells}`, ranges);
    },
    { property: name, needs: ["addr_size_cells"] },
  );
