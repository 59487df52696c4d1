import { getProperty } from "../../find.ts";
import type { Entry } from "../../resolve/index-tree.ts";
import { cellAt, cellOf } from "../cells.ts";
import { nodeCheck, type Judge } from "../check.ts";
import { isProvider } from "../interrupt-provider.ts";
import { isPhandle } from "../phandle-args.ts";

/** Devicetree Specification 0.4, 2.4.1.1: whoever takes interrupts, and who gives them to it. */
export const interruptsProperty = nodeCheck(
  "interrupts_property",
  (entry, judge) => {
    const interrupts = getProperty(entry.node, "interrupts");
    if (!interrupts) return;
    const { length } = interrupts.value.bytes;
    if (length % 4 !== 0) {
      judge.fail(entry, `size (${length}) is invalid, expected multiple of 4`, interrupts);
    }
    const parent = findParent(entry, judge);
    if (parent === "unknown") return;
    if (!parent) {
      judge.fail(entry, "Missing interrupt-parent");
      return;
    }
    const cells = getProperty(parent.node, "#interrupt-cells");
    const count = cellOf(parent.node, "#interrupt-cells");
    if (!cells || count === undefined) return;
    if (count === 0 || length % (count * 4) !== 0) {
      judge.fail(entry, `size is (${length}), expected multiple of ${count * 4}`, cells);
    }
  },
  { property: "interrupts", needs: ["phandle_references"] },
);

/** The nearest provider above, or what `interrupt-parent` names; "unknown" where that cannot be said, or was. */
function findParent(entry: Entry, judge: Judge): Entry | "unknown" | undefined {
  for (let here: Entry | undefined = entry; here; here = here.parent) {
    if (here !== entry && isProvider(here)) return here;
    const named = getProperty(here.node, "interrupt-parent");
    if (!named) continue;
    const phandle = cellAt(named, 0);
    if (!isPhandle(phandle)) {
      // An overlay's parent is in the tree that it will change.
      if (judge.tree.plugin) return "unknown";
      judge.fail(here, "Invalid phandle", named);
      return undefined;
    }
    const target = judge.index.byPhandle(phandle);
    if (!target) {
      judge.fail(here, "Bad phandle", named);
      return "unknown";
    }
    if (!isProvider(target)) judge.fail(target, "Missing interrupt-controller or interrupt-map property");
    return target;
  }
  return undefined;
}
