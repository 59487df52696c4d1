import { quoted } from "../../base/printable.ts";
import { entry } from "../entry.ts";

/** SIGN: who holds keys, and what their signatures are good for. XI602. What does not fit into one FIT. XI603. */
export const signingEntries = {
  XI6020: entry({
    severity: "error",
    message: (p: { option: string; key: string; kind: string }) =>
      `${p.option} is for RSA, and "${p.key}" is ${p.kind}`,
    help: (p) => `leave ${p.option} out, or sign with an RSA key`,
  }),
  XI6021: entry({
    severity: "warning",
    message: (p: { board: string; signature: string }) => `the loader of ${p.board} does not verify ${p.signature}`,
    help: () =>
      "it refuses the image; if yours does verify it, say so in the board's `signatures`, else sign with RSA and PKCS #1",
  }),
  XI6022: entry({
    severity: "error",
    message: (p: { program: string; reason: string }) => `${quoted(p.program)} did not sign: ${p.reason}`,
    help: () => "the program's own words above say why; nothing was written",
  }),
  XI6023: entry({
    severity: "error",
    message: (p: { who: string; key: string }) => `${p.who} gave a signature that is not by the key ${quoted(p.key)}`,
    help: () => "it signs with another key, hashes once more, or pads otherwise; nothing was written",
  }),
  XI6024: entry({
    severity: "error",
    message: (p: { reason: string }) => `cannot use the PKCS #11 URI: ${p.reason}`,
    help: () => "write pkcs11:token=LABEL;object=LABEL?module-path=FILE&pin-source=FILE (RFC 7512)",
  }),
  XI6025: entry({
    severity: "error",
    message: (p: { file: string; reason: string }) => `cannot read a passphrase from "${p.file}": ${p.reason}`,
    help: () => "the file has the passphrase, or the PIN, in its one line",
  }),
  XI6030: entry({
    severity: "error",
    message: (p: { position: string; needed: string }) =>
      `--data-position ${p.position} lies within the FIT's own ${p.needed} bytes`,
    help: (p) => `write ${p.needed} or more`,
  }),
} as const;
