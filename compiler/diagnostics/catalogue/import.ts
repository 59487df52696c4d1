import { entry } from "../entry.ts";

/** What `xenimg import` cannot take over. XI2201 to XI2219 any file and shell text, XI2220 on device trees and xl.cfg. */
export const importEntries = {
  XI2201: entry({
    severity: "error",
    message: (p: { file: string; reason: string }) => `"${p.file}" cannot be imported: ${p.reason}`,
    help: () => "an ImageBuilder configuration, a dom0less device tree blob or an xl.cfg can be imported",
  }),
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
  XI2206: entry({
    severity: "warning",
    message: (p: { name: string; likely: string | undefined }) => `"${p.name}" is no variable that import knows`,
    help: (p) =>
      p.likely === undefined ? "nothing of it is in board.ts: see to what it meant" : `did you mean "${p.likely}"?`,
  }),
  XI2207: entry({
    severity: "warning",
    message: (p: { name: string; why: string }) => `${p.name} is not taken over: ${p.why}`,
  }),
  XI2208: entry({
    severity: "error",
    message: (p: { name: string; value: string; expected: string }) =>
      `${p.name} is "${p.value}", which is not ${p.expected}`,
  }),
  XI2209: entry({
    severity: "error",
    message: (p: { name: string; why: string }) => `${p.name} has no value: ${p.why}`,
    help: (p) => `set ${p.name}`,
  }),
  XI2210: entry({
    severity: "warning",
    message: (p: { name: string; count: string; number: number }) =>
      `${p.name} is passed over: ${p.count} says that there are ${p.number}`,
    help: (p) => `count from 0; or raise ${p.count}`,
  }),
  XI2221: entry({
    severity: "warning",
    message: (p: { what: string; path: string }) =>
      `${p.what} is not part of the device tree; board.ts names "${p.path}"`,
    help: () => "put it there, or name the file that it was loaded from",
  }),
  XI2240: entry({
    severity: "error",
    message: (p: { path: string }) => `"${p.path}" is there already, and import does not write over it`,
    help: () => "name another file, or compare them: without -o the text goes to stdout",
  }),
} as const;
