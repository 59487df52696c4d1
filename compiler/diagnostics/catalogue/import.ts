import { entry } from "../entry.ts";

/** What `xenimg import` cannot take over. XI2201 to XI2219 any file and shell text, XI2220 on device trees and xl.cfg. */
export const importEntries = {
  XI2202: entry({
    severity: "error",
    message: (p: { what: string }) => `${p.what} would be run, and import runs nothing`,
    help: () => "write what it results in",
  }),
  XI2203: entry({
    severity: "error",
    message: (p: { what: string }) => `${p.what} is not part of an assignment that can be read without running it`,
    help: () => 'NAME="value", NAME[0]="value", comments and declare -A can be read',
  }),
  XI2204: entry({
    severity: "error",
    message: (p: { what: string }) => `the quote ${p.what} has no end`,
    help: () => "close it",
  }),
  XI2205: entry({
    severity: "warning",
    message: (p: { name: string }) =>
      `"${p.name}" has no value here: bash puts nothing in its place, and so does import`,
    help: (p) => `set ${p.name} above this line, or write its value`,
  }),
} as const;
