import type { DeviceTree, Node, Property } from "../tree.ts";

/** One difference. `path` is the node's; of the tree that still has it, where only one has. */
export type Change =
  | { readonly kind: "node-added"; readonly path: string; readonly node: Node }
  | { readonly kind: "node-removed"; readonly path: string; readonly node: Node }
  /** Its labels or `/omit-if-no-ref/`; only between sources. */
  | { readonly kind: "node-changed"; readonly path: string; readonly before: Node; readonly after: Node }
  | { readonly kind: "property-added"; readonly path: string; readonly property: Property }
  | { readonly kind: "property-removed"; readonly path: string; readonly property: Property }
  | { readonly kind: "property-changed"; readonly path: string; readonly before: Property; readonly after: Property }
  /** What both have stands in another order. */
  | { readonly kind: "order-changed"; readonly path: string; readonly of: "properties" | "children" }
  /** The reservations or the boot CPU; between sources `/plugin/`, too. */
  | { readonly kind: "tree-changed"; readonly before: DeviceTree; readonly after: DeviceTree };
