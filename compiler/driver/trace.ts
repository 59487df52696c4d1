import { bootTrace } from "../check/trace/trace.ts";
import { emitTrees } from "../emit/trees.ts";
import type { PlacedSystem } from "../ir/placed.ts";
import { lower } from "../lower/lower.ts";

/** What the hypervisor will say at boot; a line each. */
export const traceOf = (placed: PlacedSystem): readonly string[] =>
  bootTrace(placed, emitTrees(lower(placed)).system.length);
