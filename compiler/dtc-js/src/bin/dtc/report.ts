import { bodyOf, statementOf } from "../../place.ts";
import { locate } from "../../span.ts";
import type { Finding } from "../../check/check.ts";
import { printPlace } from "./place.ts";

/** A finding in dtc's form: place or output, level, check, subject, message, and where else the node is defined. */
export function printFinding(finding: Finding, output: string): string {
  const { check, severity, entry, property, message } = finding;
  const spans = property ? (property.span ? [statementOf(property.span)] : []) : (entry?.node.spans ?? []).map(bodyOf);
  const [first, ...others] = spans;
  const place = first ? printPlace(locate(first)) : output === "-" ? "<stdout>" : output;
  const subject = entry ? `${entry.path}${property ? `:${property.name}` : ""}: ` : "";
  const level = severity === "error" ? "ERROR" : "Warning";
  const also = property ? [] : others;
  return [
    `${place}: ${level} (${check}): ${subject}${message}\n`,
    ...also.map((span) => `  also defined at ${printPlace(locate(span))}\n`),
  ].join("");
}
