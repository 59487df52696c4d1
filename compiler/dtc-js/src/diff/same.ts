import { printValue } from "../print/value.ts";
import type { Label, Marker, Property, Reservation, Value } from "../tree.ts";

/** `blob`: what is in a blob. `source`: also how it is written: labels, references and the types of values. */
export type Compare = "blob" | "source";

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}

const sameList = <T>(a: readonly T[], b: readonly T[], same: (a: T, b: T) => boolean): boolean =>
  a === b || (a.length === b.length && a.every((each, index) => same(each, b[index] as T)));

export const sameLabels = (a: readonly Label[], b: readonly Label[]): boolean =>
  sameList(a, b, ({ name }, other) => name === other.name);

function sameMarker(a: Marker, b: Marker): boolean {
  if (a.offset !== b.offset) return false;
  switch (a.kind) {
    case "type":
      return b.kind === "type" && a.type === b.type;
    case "label":
      return b.kind === "label" && a.name === b.name;
    case "phandle":
      return b.kind === "phandle" && a.target === b.target;
    case "path":
      return b.kind === "path" && a.target === b.target && a.length === b.length;
  }
}

/** Bytes of which nothing is known print as what they are taken for: what counts between sources is the text. */
const sameWriting = (a: Value, b: Value): boolean =>
  sameList(a.markers, b.markers, sameMarker) || printValue(a, "names") === printValue(b, "names");

const sameValue = (a: Value, b: Value, compare: Compare): boolean =>
  a === b || (sameBytes(a.bytes, b.bytes) && (compare === "blob" || sameWriting(a, b)));

export const sameProperty = (a: Property, b: Property, compare: Compare): boolean =>
  a === b || (sameValue(a.value, b.value, compare) && (compare === "blob" || sameLabels(a.labels, b.labels)));

export const sameReservations = (a: readonly Reservation[], b: readonly Reservation[], compare: Compare): boolean =>
  sameList(
    a,
    b,
    (one, other) =>
      one.address === other.address &&
      one.size === other.size &&
      (compare === "blob" || sameLabels(one.labels, other.labels)),
  );
