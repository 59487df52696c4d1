import type { Sha256 } from "../ir/host.ts";
import type { PlacedSystem } from "../ir/placed.ts";
import { changesOf } from "./changes.ts";
import { factsOf } from "./facts.ts";
import { json } from "./render/json.ts";
import { markdown } from "./render/markdown.ts";
import type { DifferenceRenderer } from "./render/renderer.ts";
import { text } from "./render/text.ts";

const renderers = { text, json, markdown } as const satisfies Record<string, DifferenceRenderer>;
export type DifferenceFormat = keyof typeof renderers;

/** What changed in meaning from one system to another, in the words of `format`. */
export function difference(
  before: PlacedSystem,
  after: PlacedSystem,
  format: DifferenceFormat,
  sha256: Sha256,
): string {
  return renderers[format](changesOf(factsOf(before, sha256), factsOf(after, sha256)));
}
