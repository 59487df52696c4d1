import { quoted } from "../../base/printable.ts";
import { entry } from "../entry.ts";

/** VERIFY: what a build says of itself, and whether that is so. XI606. */
export const evidenceEntries = {
  XI6060: entry({
    severity: "error",
    message: (p: { file: string; signature: string; reason: string }) =>
      `${quoted(p.file)} is not signed: there is no ${quoted(p.signature)} beside it (${p.reason})`,
    help: () => "build it with --sign KEY; if it was signed once, somebody took the signature away",
  }),
  XI6061: entry({
    severity: "error",
    message: (p: { file: string; key: string }) =>
      `the signature of ${quoted(p.file)} does not hold: ${quoted(p.key)} did not sign these bytes`,
    help: () => "another key signed it, or it was altered since: use nothing that lies beside it",
  }),
  XI6062: entry({
    severity: "error",
    message: (p: { file: string; reason: string }) => `cannot prove the manifest ${quoted(p.file)}: ${p.reason}`,
    help: () => "name the manifest.json that build --sign wrote, where it wrote it",
  }),
  XI6063: entry({
    severity: "error",
    message: (p: { path: string; reason: string }) =>
      `${quoted(p.path)} is in the manifest, and cannot be read: ${p.reason}`,
    help: () => "a release is the whole output folder: copy it again",
  }),
  XI6064: entry({
    severity: "error",
    message: (p: { path: string; reason: string }) => `${quoted(p.path)} is not the manifest's: ${p.reason}`,
    help: () => "it was altered, or is another build's: do not use it",
  }),
  XI6065: entry({
    severity: "error",
    message: (p: { paths: string }) => `beside the manifest lies what it does not list: ${p.paths}`,
    help: () => "nobody vouches for it: take it out of the folder",
  }),
  XI6066: entry({
    severity: "error",
    message: (p: { file: string; found: string; least: string }) =>
      `the rollback index of ${quoted(p.file)} is ${p.found}, and ${p.least} is the least that is taken`,
    help: () => "it is signed, but older than what must be followed: take a newer release",
  }),
} as const;
