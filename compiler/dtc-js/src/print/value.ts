import { isUnresolved } from "../unresolved.ts";
import type { Marker, PhandleMarker, Value, ValueType } from "../tree.ts";
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
  const path = section.inner.find((marker) => marker.kind === "path");
  const byName = path && (keepReferences || path.length === 0);
  // dtc puts a second space before a path unless it stands first.
  const space = path && !byName && section.start > 0 ? "  " : " ";
  const [open, close] = delimiters[type];
  if (byName) return ` ${printReference(path.target)}`;
  return `${space}${open}${printItems(value, section, type, keepReferences)}${close}`;
}

/** The section's type, or bytes where its content does not fit the type. */
function printableType({ bytes }: Value, { type, start, end }: Section): ValueType {
  if (type === "string") return end === start || bytes[end - 1] === 0 ? type : "uint8";
  return (end - start) % widths[type] === 0 ? type : "uint8";
}

/** Labels stand before the item that they name: `0x01 l1:0x02`. */
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
    if (marker.offset >= section.end) break;
    if (marker.kind === "label") {
      upTo(marker.offset);
      text += ` ${marker.name}:`;
      separator = "";
    } else if (marker.kind === "phandle" && type === "uint32" && namesReference(value, marker, keepReferences)) {
      upTo(marker.offset);
      text += separator + printReference(marker.target);
      separator = " ";
      at = marker.offset + 4;
    }
  }
  upTo(section.end);
  return text;
}

const namesReference = (value: Value, marker: PhandleMarker, keepReferences: boolean): boolean =>
  keepReferences || isUnresolved(value.bytes, marker);
