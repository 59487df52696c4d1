import type { Diagnostic } from "../diagnostic.ts";
import { whereOf } from "../report.ts";
import { locate } from "../span.ts";
import type { Finding } from "./check.ts";

/** A finding as the library hands it out: what dtc says, and where in the source. */
export function diagnosticOf(finding: Finding): Diagnostic {
  const { check, severity, entry, property, places, message } = finding;
  const span = places?.span ?? property?.span ?? entry?.node.spans?.[0];
  const subject = entry ? `${entry.path}${property ? `:${property.name}` : ""}: ` : "";
  return {
    code: check,
    severity,
    message: `${subject}${message.trimEnd()}`,
    ...(span && whereOf(span)),
    ...(places?.other && { related: locate(places.other) }),
  };
}
