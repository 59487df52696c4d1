import { quoted } from "../../base/printable.ts";
import { entry } from "../entry.ts";

/**
 * The command line's own. XI69 output folder, XI70 evaluation of the configuration, XI7020 export, XI7030 extract, XI72 outside programs, XI73 run,
 * XI74 inspect.
 */
export const commandEntries = {
  XI6901: entry({
    severity: "error",
    message: (p: { path: string; reason: string; inPlace?: boolean }) => `cannot write "${p.path}": ${p.reason}`,
    help: (p) =>
      p.inPlace === true
        ? "nothing was written; once the reason is gone, run it again"
        : "choose another output folder with -o, or free the place; nothing was left behind",
  }),
  XI6902: entry({
    severity: "error",
    message: (p: { path: string; found: string }) =>
      `the output folder "${p.path}" holds "${p.found}", which no earlier build wrote`,
    help: () => "a build replaces its output folder whole: name a new folder, or one that an earlier build made",
  }),
  XI6903: entry({
    severity: "error",
    message: (p: { target: string }) => `there is no hypervisor for ${p.target} in this package`,
    help: () => "name upstream's binary: --hypervisor PATH (Debian: /boot/xen-4.17-arm64 of xen-hypervisor-4.17-arm64)",
  }),
  XI7001: entry({
    severity: "error",
    message: (p: { file: string; reason: string }) => `cannot read the configuration "${p.file}": ${p.reason}`,
    help: () => "name a TypeScript file whose default export is defineSystem({ … })",
  }),
  XI7002: entry({
    severity: "error",
    message: (p: { problem: string }) => `the configuration is not valid TypeScript: ${p.problem}`,
    help: () => "correct the syntax where the mark points",
  }),
  XI7003: entry({
    severity: "error",
    message: (p: { error: string }) => `the configuration threw while it was evaluated: ${p.error}`,
    help: () => "a configuration must evaluate to plain data; catch what may fail, or correct what the error names",
  }),
  XI7004: entry({
    severity: "error",
    message: (p: { seconds: number }) => `the configuration was still being evaluated after ${p.seconds} s`,
    help: () => "look for a loop that does not end, or for work that belongs into a script that runs before",
  }),
  XI7005: entry({
    severity: "error",
    message: () => "the configuration waits for a promise that nothing will ever settle",
    help: () => "look for a top-level await whose promise has nobody left to resolve it",
  }),
  XI7006: entry({
    severity: "error",
    message: (p: { by: string }) => `the configuration ended its own evaluation with ${p.by}`,
    help: () => "remove process.exit() and process.kill() from the configuration and from what it imports",
  }),
  XI7007: entry({
    severity: "error",
    message: (p: { what: string }) => `the configuration holds ${p.what}, which is not plain data`,
    help: () => "use objects, arrays, strings, numbers, bigints and booleans only",
  }),
  XI7008: entry({
    severity: "error",
    message: () => "the configuration has no default export",
    help: (p: { known: readonly string[] }) =>
      p.known.length === 0
        ? "write: export default defineSystem({ … })"
        : `name the variant that is meant, as in board.ts#${p.known[0] ?? ""}, or write: export default defineSystem({ … })`,
  }),
  XI7009: entry({
    severity: "error",
    message: (p: { name: string }) => `--set ${p.name}=… has no effect: the configuration takes no parameters`,
    help: () => "write: export default defineSystem((params) => ({ … }))",
  }),
  XI7010: entry({
    severity: "error",
    message: (p: { specifier: string }) => `the configuration imports "${p.specifier}", which does not exist`,
    help: () =>
      'paths are relative to the file that imports and carry their extension; "xenimg" and "xenimg/boards" are built in',
  }),
  XI7020: entry({
    severity: "error",
    message: (p: { path: string }) => `"${p.path}" is there already, and export does not write over it`,
    help: () => "name another file, or compare them: without -o the text goes to stdout",
  }),
  XI7021: entry({
    severity: "warning",
    message: (p: { paths: readonly string[] }) =>
      `the text names ${p.paths.map((path) => `"${path}"`).join(", ")}, which only -o writes, beside it`,
    help: () => "name a file: -o FILE",
  }),
  XI7030: entry({
    severity: "error",
    message: (p: { file: string; reason: string }) => `cannot take "${p.file}" apart: ${p.reason}`,
    help: () => "extract reads an image.bin, image.itb, image.efi or disk.img as xenimg writes them",
  }),
  XI7031: entry({
    severity: "error",
    message: (p: { file: string; part: string }) => `there is no ${quoted(p.part)} in "${p.file}"`,
    help: (p: { file: string; part: string; known: readonly string[]; nearest?: string }) =>
      p.nearest === undefined ? `it has ${p.known.map(quoted).join(", ")}` : `did you mean ${quoted(p.nearest)}?`,
  }),
  XI7032: entry({
    severity: "error",
    message: (p: { file: string; name: string; reason: string; capitals?: boolean }) =>
      `"${p.file}" has a part ${quoted(p.name)}, which is not written: ${p.reason}`,
    help: (p) =>
      p.capitals === true
        ? "name the parts that you want, and of such two only one; nothing was written"
        : "somebody made or changed this image: do not use it; nothing was written",
  }),
  XI7033: entry({
    severity: "error",
    message: (p: { path: string; found: string }) =>
      `nothing is extracted into "${p.path}", which holds ${quoted(p.found)}`,
    help: () => "name a folder that is not there yet: -o FOLDER",
  }),
  XI7201: entry({
    severity: "error",
    message: (p: { tool: string }) => `${p.tool} is not installed, or not in PATH`,
    help: (p: { tool: string; package: string }) =>
      `install it (Debian, Ubuntu: apt-get install ${p.package}); \`xenimg doctor\` lists all that is missing`,
  }),
  XI7202: entry({
    severity: "error",
    message: (p: { tool: string; reason: string }) => `${p.tool} failed: ${p.reason}`,
    help: () => "the program's own words above say why; `xenimg doctor` checks its version",
  }),
  XI7301: entry({
    severity: "error",
    message: (p: { texts: readonly string[]; ending: string }) =>
      `${p.ending}${p.texts.length === 0 ? "" : `, and no console had shown ${p.texts.map((text) => JSON.stringify(text)).join(", ")}`}`,
    help: () => "read the consoles above; --timeout gives the guests longer",
  }),
  XI7302: entry({
    severity: "error",
    message: (p: { board: string }) => `the board "${p.board}" has no emulator, so it cannot run here`,
    help: () => "`xenimg boards` says which boards have one; `xenimg build` makes the image for the real board",
  }),
  XI7401: entry({
    severity: "error",
    message: (p: { file: string; reason: string }) => `cannot inspect "${p.file}": ${p.reason}`,
    help: () =>
      "inspect reads an image.bin, image.itb, image.efi or disk.img, an arm64 Image, a device tree blob or a manifest.json",
  }),
};
