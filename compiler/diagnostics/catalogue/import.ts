import { entry } from "../entry.ts";

/**
 * What `xenimg import` cannot take over. XI2201 to XI2219 any file and shell text, XI2220 on device trees, XI2230 what shell
 * text stands for, XI2260 on xl.cfg.
 */
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
  XI2270: entry({
    severity: "info",
    message: (p: { name: string; why: string }) => `${p.name} is not needed: ${p.why}`,
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
  XI2230: entry({
    severity: "error",
    message: (p: { name: string; most: number }) =>
      `with "${p.name}" the variables of this file stand for more than ${p.most} characters together`,
    help: () => "a value that holds itself doubles with each line: write what is meant",
  }),
  XI2231: entry({
    severity: "warning",
    message: (p: { name: string; index: string; last: number }) =>
      `${p.name} has two indices and is not declared: bash by itself takes [${p.index}] for [${p.last}]`,
    help: (p) => `write "declare -A ${p.name}" above; import has read both`,
  }),
  XI2240: entry({
    severity: "error",
    message: (p: { path: string }) => `"${p.path}" is there already, and import does not write over it`,
    help: () => "name another file, or compare them: without -o the text goes to stdout",
  }),
  XI2260: entry({
    severity: "error",
    message: (p: { what: string; expected: string }) => `${p.what} cannot stand here: ${p.expected}`,
    help: () => 'an option is NAME = VALUE, and a value "text", a number or a list in [ ] (xl.cfg(5))',
  }),
  XI2261: entry({
    severity: "error",
    message: (p: { what: "text" | "list" }) =>
      p.what === "text"
        ? "the text that begins here has no closing quote on its line"
        : "the list that begins here has no ]",
    help: () => "close it",
  }),
  XI2262: entry({
    severity: "error",
    message: (p: { what: string; most: number }) => `${p.what}: import reads ${p.most} at most`,
  }),
  XI2263: entry({
    severity: "warning",
    message: (p: { name: string; likely: string | undefined }) =>
      `"${p.name}" is no option of xl.cfg that import knows`,
    help: (p) =>
      p.likely === undefined ? "nothing of it is in board.ts: see to what it meant" : `did you mean "${p.likely}"?`,
  }),
  XI2264: entry({
    severity: "error",
    message: () => "an xl.cfg does not say which board its domain is for",
    help: () => "name the board's device tree: --device-tree board.dtb",
  }),
  XI2265: entry({
    severity: "error",
    message: (p: { file: string }) => `"${p.file}" is no xl.cfg, and only these are imported several at once`,
    help: () => "import it alone",
  }),
  XI2266: entry({
    severity: "error",
    message: (p: { name: string; other: string }) => `"${p.name}" is already the name of what "${p.other}" describes`,
    help: () => "give each domain a name of its own, and each CPU pool",
  }),
  XI2267: entry({
    severity: "warning",
    message: (p: { name: string; line: number }) =>
      `${p.name} is set in line ${p.line} already: only this value counts`,
    help: () => "leave one of them out",
  }),
} as const;
