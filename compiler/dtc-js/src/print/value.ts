import { isUnresolved } from "../unresolved.ts";
import type { Marker, PathMarker, PhandleMarker, Value, ValueType } from "../tree.ts";
import { delimiters, printNumbers, printReference, printString, widths } from "./literal.ts";
import { sectionsOf, type Section } from "./sections.ts";

/** What follows `name =`, beginning with a space. The value is not empty. */
export function printValue(value: Value, keepReferences: boolean): string {
  const { leading, sections } = sectionsOf(value);
  let text = printLabels(leading);
  sections.forEach((section, index) => {
    text += printSection(value, section, keepReferences);
    if (index < sections.length - 1) text += ",";
    text += printLabels(section.inner.filter((marker) => marker.offset >= section.end));
  });
  return text;
}

function printLabels(markers: readonly Marker[]): string {
  let text = "";
  for (const marker of markers) if (marker.kind === "label") text += ` ${marker.name}:`;
  return text;
}

function printSection(value: Value, section: Section, keepReferences: boolean): string {
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
function printItems(value: Value, section: Section, type: ValueType, keepReferences: boolean): string {
  let text = "";
  let at = section.start;
  let separator = "";
  const upTo = (end: number): void => {
    if (end <= at) return;
    const chunk = value.bytes.subarray(at, end);
    text += separator + (type === "string" ? printString(chunk) : printNumbers(chunk, type));
    separator = type === "string" ? ", " : " ";
    at = end;
  };
  for (const marker of section.inner) {
    const reference = marker.kind === "phandle" || marker.kind === "path" ? marker : undefined;
    if (marker.offset >= section.end && marker.kind !== "path") break;
    upTo(marker.offset);
    if (marker.kind === "label") {
      text += ` ${marker.name}:`;
      separator = "";
    } else if (reference && (keepReferences || isUnresolved(value.bytes, reference))) {
      text += separator + printReference(reference.target);
      separator = " ";
      at = marker.offset + lengthOf(reference);
    } else if (reference && marker.offset > 0) {
      // dtc puts a space before each value that came from a reference, unless it is the property's first.
      text += " ";
      separator = "";
    }
  }
  upTo(section.end);
  return text;
}

/** How many bytes stand for the reference. */
const lengthOf = (reference: PhandleMarker | PathMarker): number => (reference.kind === "path" ? reference.length : 4);
