import { phandleAllocator, phandleProperties } from "../../resolve/phandles.ts";
import { rebuild } from "../../resolve/rebuild.ts";
import type { Entry } from "../../resolve/index-tree.ts";
import type { Marker } from "../../tree.ts";
import type { Check } from "../check.ts";

const missing = (target: string): string => `Reference to non-existent node or label "${target}"\n`;

/** Every target gets a phandle, in the order of the references. */
export const phandleReferences: Check = {
  name: "phandle_references",
  level: "error",
  needs: ["duplicate_node_names", "explicit_phandles"],
  start: (judge) => {
    const allocate = phandleAllocator(judge.index);
    return (entry) => {
      forReferences(entry, "phandle", ({ target, span }) => {
        const found = judge.index.find(target);
        if (found) {
          found.referenced = true;
          allocate(found);
        } else if (!judge.tree.plugin) judge.fail(entry, missing(target), undefined, { span });
      });
    };
  },
};

export const pathReferences: Check = {
  name: "path_references",
  level: "error",
  needs: ["duplicate_node_names"],
  start: (judge) => (entry) => {
    forReferences(entry, "path", ({ target, span }) => {
      const found = judge.index.find(target);
      if (found) found.referenced = true;
      else judge.fail(entry, missing(target), undefined, { span });
    });
  },
};

/** Writes what the references stand for, and drops `/omit-if-no-ref/` nodes that nothing refers to. */
export const omitUnusedNodes: Check = {
  name: "omit_unused_nodes",
  level: "error",
  needs: ["phandle_references", "path_references"],
  start: () => () => undefined,
  finish: (judge) => {
    const root = rebuild(judge.index, phandleProperties[judge.phandles]);
    if (root !== judge.tree.root) judge.replace({ ...judge.tree, root });
  },
};

/** Hands over each reference of a node. Most values have none; so this must cost them little. */
function forReferences<K extends "phandle" | "path">(
  { node }: Entry,
  kind: K,
  use: (marker: Extract<Marker, { kind: K }>) => void,
): void {
  for (const { value } of node.properties) {
    for (const marker of value.markers) if (marker.kind === kind) use(marker as Extract<Marker, { kind: K }>);
  }
}
