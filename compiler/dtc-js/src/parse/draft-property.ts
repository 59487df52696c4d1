import type { Span } from "../span.ts";
import type { Label, Property, Value } from "../tree.ts";

/** As it will be in the tree, but for its labels: a second object for each would be the most of what a draft takes. */
export type DraftProperty = { -readonly [Key in Exclude<keyof Property, "comments">]: Required<Property>[Key] };

export const draftProperty = (name: string, value: Value, span: Span): DraftProperty => ({
  name,
  labels: none,
  value,
  span,
});

const none: readonly Label[] = [];
