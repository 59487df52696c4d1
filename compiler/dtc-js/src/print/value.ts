import { isUnresolved } from "../unresolved.ts";
import type { Marker, PathMarker, PhandleMarker, Value, ValueType } from "../tree.ts";
import { guessType } from "./guess.ts";
import { delimiters, printNumbers, printReference, printString, widths } from "./literal.ts";
import { sectionsOf, type Section } from "./sections.ts";

/** What is printed for a reference: its name, its value, or the name if it stands for a phandle. */
export type References = "names" | "values" | "phandles";

const keeps = (references: References, { kind }: Marker): boolean =>
  references === "names" || (references === "phandles" && kind === "phandle");

/** What follows `name =`, beginning with a space. The value is not empty. */
export function printValue(value: Value, keepReferences: References): string {
  if (value.markers.length === 0) return printUnmarked(value, keepReferences);
  const { leading, sections } = sectionsOf(value);
  let text = printLabels(leading);
  sections.forEach((section, index) => {
    text += printSection(value, section, keepReferences);
    if (index < sections.length - 1) text += ",";
    text += printLabels(section.inner.filter((marker) => marker.offset >= section.end));
  });
  return text;
}

/** One list or string: most of what a blob holds. */
function printUnmarked(value: Value, keepReferences: References): string {
  const type = guessType(value);
  if (type === "string") return ` ${printStrings(value.bytes, keepReferences !== "phandles")}`;
  const [open, close] = delimiters[type];
  return ` ${open}${printNumbers(value.bytes, type)}${close}`;
}

function printLabels(markers: readonly Marker[]): string {
  let text = "";
  for (const marker of markers) if (marker.kind === "label") text += ` ${marker.name}:`;
  return text;
}

function printSection(value: Value, section: Section, keepReferences: References): string {
  const type = printableType(value, section);
  const [open, close] = delimiters[type];
  return ` ${open}${printItems(value, section, type, keepReferences)}${close}`;
}

/** The section's type, or bytes where its content does not fit the type. */
function printableType({ bytes }: Value, { type, start, end }: Section): ValueType {
  if (type === "string") return end === start || bytes[end - 1] === 0 ? type : "uint8";
  return (end - start) % widths[type] === 0 ? type : "uint8";
}

/** Labels and references stand before the item that they belong to: `0x01 l1:0x02`. */
function printItems(value: Value, section: Section, type: ValueType, keepReferences: References): string {
  let text = "";
  let at = section.start;
  let separator = "";
  const upTo = (end: number): void => {
    if (end <= at) return;
    const chunk = value.bytes.subarray(at, end);
    const whole = !section.guessed || keepReferences !== "phandles";
    text += separator + (type === "string" ? printStrings(chunk, whole) : printNumbers(chunk, type));
    separator = type === "string" ? ", " : " ";
    at = end;
  };
  for (const marker of section.inner) {
    const reference = marker.kind === "phandle" || marker.kind === "path" ? marker : undefined;
    if (marker.offset >= section.end && marker.kind !== "path") break;
    upTo(marker.offset);
    if (marker.kind === "label") {
      // dtc 1.8 ends each cell with a space, and begins each label with one.
      if (keepReferences === "phandles" && type === "uint32" && at > section.start) text += " ";
      text += ` ${marker.name}:`;
      separator = "";
    } else if (reference && (keeps(keepReferences, reference) || isUnresolved(value.bytes, reference))) {
      text += separator + printReference(reference.target);
      separator = " ";
      at = marker.offset + lengthOf(reference);
    } else if (reference && marker.offset > 0 && keepReferences === "values") {
      // dtc 1.6 puts a space before each value that came from a reference, unless it is the property's first.
      text += " ";
      separator = "";
    }
  }
  upTo(section.end);
  return text;
}

/** One string, or one for each NUL, as dtc 1.8 writes what a blob says. */
function printStrings(bytes: Uint8Array, whole: boolean): string {
  if (whole) return printString(bytes);
  const strings: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(0, at) + 1;
    strings.push(printString(bytes.subarray(at, end)));
    at = end;
  }
  return strings.join(", ");
}

/** How many bytes stand for the reference. */
const lengthOf = (reference: PhandleMarker | PathMarker): number => (reference.kind === "path" ? reference.length : 4);
