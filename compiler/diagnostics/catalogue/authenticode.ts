import { printable, quoted } from "../../base/printable.ts";
import { entry } from "../entry.ts";

/** SIGN and VERIFY of PEs for UEFI: certificates, and signatures that they prove. XI623 and XI624. */
export const authenticodeEntries = {
  XI6230: entry({
    severity: "error",
    message: (p: { file: string; reason: string }) => `cannot use the certificate "${p.file}": ${p.reason}`,
    help: () =>
      "certificates are PEM files of X.509 with RSA: the signer's first, then each issuer's; keygen makes one",
  }),
  XI6231: entry({
    severity: "error",
    message: (p: { file: string; key: string }) => `the certificate "${p.file}" is not of the key ${quoted(p.key)}`,
    help: () => "firmware would refuse the image: give the certificate that was issued for the key that signs",
  }),
  XI6232: entry({
    severity: "error",
    message: (p: { certificate: string; from: string; to: string; now: string }) =>
      `the certificate ${quoted(p.certificate)} is valid from ${p.from} to ${p.to}, and it is ${p.now}`,
    help: () => "renew the certificate, or set the clock; where SOURCE_DATE_EPOCH is set, that is the time",
  }),
  XI6234: entry({
    severity: "error",
    message: (p: { key: string; kind: string }) =>
      `the key ${quoted(p.key)} is ${p.kind}, and UEFI firmware verifies RSA`,
    help: () => "use an RSA key of 2048, 3072 or 4096 bits: `xenimg keygen NAME` makes one for development",
  }),
  XI6241: entry({
    severity: "error",
    message: () => "it is not signed",
    help: () => "build it with --sign KEY --cert CERT; if it was signed once, somebody took the signature off",
  }),
  XI6242: entry({
    severity: "error",
    message: (p: { reason: string }) => `its signature is not in the form that xenimg writes: ${p.reason}`,
    help: () => "it is damaged, was altered, or another program made it: do not boot it",
  }),
  XI6243: entry({
    severity: "error",
    message: () => "it does not have the SHA-256 that was signed",
    help: () => "its headers or its sections were altered: do not boot it",
  }),
  XI6244: entry({
    severity: "error",
    message: (p: { reason: string }) => `its signature does not hold: ${p.reason}`,
    help: () => "the signature or its certificate was altered: do not boot it",
  }),
  XI6245: entry({
    severity: "error",
    message: (p: { reason: string }) => `its certificates do not lead to the given key: ${printable(p.reason)}`,
    help: () =>
      "another key signed it, or a certificate was altered; where an authority issued them, give its certificate",
  }),
} as const;
