import { printable } from "../../base/printable.ts";
import { formatSize } from "../../base/units.ts";
import type { PeFile } from "../../codecs/pe/read.ts";
import type { Certificate } from "../../codecs/x509/certificate.ts";
import type { PeSignature } from "./read.ts";

/** Who says to have signed a PE, a line a certificate. Nothing is proven. */
export function describeSignature(signature: PeSignature): string {
  if (signature.kind === "none") return "  not signed\n";
  if (signature.kind === "broken") return `  signed in a form that is not xenimg's: ${printable(signature.reason)}\n`;
  return `  signed: sha256, by ${printable(signature.signer.subjectText)}\n${[signature.signer, ...signature.others].map(certificateLine).join("")}`;
}

const certificateLine = ({ subjectText, issuerText, notBefore, notAfter }: Certificate): string =>
  `    certificate ${printable(subjectText)}, issued by ${printable(issuerText)}, ${day(notBefore)} to ${day(notAfter)}\n`;

const day = (time: number): string =>
  Number.isNaN(time) ? "an unknown day" : new Date(time).toISOString().replace(/T.*/, "");

/** What a verified PE's parts rest on, a line a step. */
export const describePeTrust = (pe: PeFile, chain: readonly Certificate[]): string =>
  [
    `signed by ${printable(chain[0]?.subjectText ?? "")}: ${pe.sections.length} sections, ${formatSize(pe.sizeOfImage)}, with their headers`,
    ...chain.slice(1).map(({ subjectText }) => `whose certificate is issued by ${printable(subjectText)}`),
    "nothing else is in the file",
    "",
  ].join("\n");
