import { printValue } from "../src/print/value.ts";
import type { DeviceTree, Node as TreeNode, Property, Value } from "../src/tree.ts";
import { appendSome, element } from "./dom.ts";

/** Bytes of a value that are printed. */
const MAX_VALUE = 1024;
/** Trees of fewer nodes are unfolded. */
const SMALL = 200;

/** The tree as nested lists that fold; what is folded is made when it is opened. */
export function showTree(panel: HTMLElement, tree: DeviceTree): void {
  const open = countNodes(tree.root, SMALL) < SMALL;
  panel.replaceChildren(
    ...tree.reservations.map(({ address, size }) =>
      element("div", "property", `/memreserve/ 0x${address.toString(16)} 0x${size.toString(16)};`),
    ),
    showNode(tree.root, true, open),
  );
}

function countNodes(node: TreeNode, enough: number): number {
  let count = 1;
  for (const child of node.children) {
    if (count >= enough) break;
    count += countNodes(child, enough - count);
  }
  return count;
}

function showNode(node: TreeNode, open: boolean, openBelow: boolean): HTMLElement {
  const labels = node.labels.map(({ name }) => element("span", "label", `${name}: `));
  const summary = element("summary", "", labels, element("span", "name", node.name === "" ? "/" : node.name));
  const details = element("details", "", summary);
  const fill = (): void => {
    appendSome(details, node.properties, showProperty);
    appendSome(details, node.children, (child) => showNode(child, openBelow, openBelow));
  };
  if (open) {
    details.open = true;
    fill();
  } else {
    details.addEventListener("toggle", fill, { once: true });
  }
  return details;
}

function showProperty({ name, labels, value }: Property): HTMLElement {
  const text = value.bytes.length === 0 ? "" : ` =${printValue(shortened(value), "phandles")}`;
  const rest = value.bytes.length - MAX_VALUE;
  return element(
    "div",
    "property",
    labels.map((label) => element("span", "label", `${label.name}: `)),
    name,
    element("span", "value", text),
    rest > 0 ? element("span", "code", ` … ${rest} more bytes`) : "",
  );
}

function shortened(value: Value): Value {
  if (value.bytes.length <= MAX_VALUE) return value;
  return { bytes: value.bytes.subarray(0, MAX_VALUE), markers: [] };
}
