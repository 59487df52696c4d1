import { getProperty } from "../find.ts";
import type { Entry } from "../resolve/index-tree.ts";

export const isProvider = ({ node }: Entry): boolean =>
  getProperty(node, "interrupt-controller") !== undefined || getProperty(node, "interrupt-map") !== undefined;
