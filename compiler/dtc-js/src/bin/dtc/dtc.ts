import { encode } from "../../blob/encode.ts";
import { versions, type Version } from "../../blob/format.ts";
import { withoutWarnings } from "../../check/levels.ts";
import { runChecks } from "../../check/run.ts";
import { checks } from "../../check/table.ts";
import { printAssembly } from "../../print/assembly.ts";
import { print } from "../../print/print.ts";
import { printYaml } from "../../print/yaml.ts";
import { addFixups } from "../../resolve/fixups.ts";
import { referencesFromFixups } from "../../resolve/fixup-references.ts";
import { labelsFromSymbols } from "../../resolve/symbol-labels.ts";
import { addAliases, addSymbols } from "../../resolve/symbols.ts";
import type { DeviceTree } from "../../tree.ts";
import { die, Exit, type CommandSpec } from "../command.ts";
import type { Host } from "../host.ts";
import { FileError } from "../reasons.ts";
import { readInput, type Input } from "./input.ts";
import { dtcOptions } from "./options.ts";
import { printFinding } from "./report.ts";
import { readSettings, type Settings } from "./settings.ts";
import { sortTree } from "./sort.ts";

export const dtc: CommandSpec = {
  name: "dtc",
  synopsis: "dtc [options] <input file>",
  options: dtcOptions,
  shortOptions: "qI:O:o:V:d:R:S:p:a:fb:i:H:sW:E:@LAThv",
  run(host, { options, operands }, fail) {
    const settings = readSettings(options);
    if (operands.length > 1) fail("missing files");
    compile(host, settings, operands[0] ?? "-");
    return 0;
  },
};

function compile(host: Host, settings: Settings, path: string): void {
  const input = readInput(host, settings, path);
  const format = settings.format ?? guessOutput(settings.output, input);
  if (settings.annotate > 0 && (input.format !== "dts" || format !== "dts")) {
    die("--annotate requires -I dts -O dts");
  }
  if (settings.dependencies !== undefined) {
    const line = `${settings.output}:${input.files.map((file) => ` ${escapeSpaces(file)}`).join("")}\n`;
    // Here "-" is a file as any other.
    const path = settings.dependencies === "-" ? "./-" : settings.dependencies;
    write(host, path, line, "dependency");
  }
  const tree = finish(host, settings, checked(host, settings, input.tree));
  write(host, settings.output, render(host, tree, settings, format, input), "output");
}

const escapeSpaces = (path: string): string => path.replace(/[ \t\\]/g, (match) => `\\${match}`);

function write(host: Host, path: string, data: Uint8Array | string, what: "dependency" | "output"): void {
  try {
    host.write(path, data);
  } catch (fault) {
    if (fault instanceof FileError)
      die(`Couldn't ${fault.opened ? "write" : "open"} ${what} file ${path}: ${fault.reason}`);
    throw fault;
  }
}

/** By the output's name; else the other of source and blob. */
function guessOutput(path: string, input: Input): string {
  const suffix = /\.(dts|yaml|dtb|dtbo)$/i.exec(path)?.[1]?.toLowerCase();
  if (suffix === "dtbo") return "dtb";
  return suffix ?? (input.format === "dts" ? "dtb" : "dts");
}

function checked(host: Host, settings: Settings, tree: DeviceTree): DeviceTree {
  const { quiet, phandles, symbols } = settings;
  const levels = quiet >= 1 ? withoutWarnings(settings.levels) : settings.levels;
  const result = runChecks(tree, { checks, levels, phandles, symbols });
  for (const finding of result.findings) {
    if (quiet >= (finding.severity === "warning" ? 1 : 2)) continue;
    host.complain(printFinding(finding, settings.output));
  }
  if (result.refused && !settings.force) {
    throw new Exit(2, "ERROR: Input tree has errors, aborting (use -f to force output)\n");
  }
  if (result.refused && quiet < 3) host.complain("Warning: Input tree has errors, output forced\n");
  return result.tree;
}

/** What dtc adds of its own, in its order. */
function finish(host: Host, settings: Settings, tree: DeviceTree): DeviceTree {
  // Like dtc's, neither this warning nor that of a symbol's path ends its line.
  const taken = (node: string) => (label: string) => {
    host.complain(`WARNING: label ${label} already exists in /${node}`);
  };
  let done = tree;
  if (settings.bootCpuid !== undefined) done = { ...done, bootCpuid: settings.bootCpuid };
  if (settings.aliases) done = addAliases(done, taken("aliases"));
  const warn = (message: string): void => {
    if (settings.quiet < 1) host.complain(`Warning: ${message}`);
  };
  done = labelsFromSymbols(done, (path, label) => {
    warn(`Path ${path} referenced in property __symbols__/${label} missing`);
  });
  if (settings.symbols) done = addSymbols(done, settings.phandles, taken("__symbols__"));
  done = referencesFromFixups(done, (message) => {
    warn(`${message}\n`);
  });
  if (settings.fixups || done.plugin) {
    const noted = addFixups(done);
    for (const { severity, message } of noted.diagnostics) if (severity === "warning") warn(`${message}\n`);
    done = noted.ok ? noted.value : die(noted.diagnostics[0].message);
  }
  return settings.sort ? sortTree(done) : done;
}

function render(host: Host, tree: DeviceTree, settings: Settings, format: string, input: Input): Uint8Array | string {
  const { reserve, space, pad, align } = settings;
  switch (format) {
    case "null":
      return "";
    case "dts":
      return print(tree, {
        references: "phandles",
        ...(settings.annotate > 0 && { annotate: settings.annotate as 1 | 2, annotateFrom: input.files[0] ?? "" }),
      });
    case "yaml":
      if (input.format !== "dts") die("YAML output format requires dts input format");
      return printYaml(tree);
    case "asm":
      return printAssembly(tree, { version: versionOf(settings), reserve, space, pad, align });
    case "dtb": {
      const blob = encode(tree, { version: versionOf(settings), reserve, space, pad, align, unresolved: "keep" });
      const used = blob.length - (space > 0 ? 0 : pad);
      if (space > 0 && used > space && align === 1 && settings.quiet < 1) {
        host.complain(`Warning: blob size ${blob.length} >= minimum size ${space}\n`);
      }
      return blob;
    }
    default:
      return die(`Unknown output format "${format}"`);
  }
}

const versionOf = ({ version }: Settings): Version =>
  versions.find((each) => each === version) ?? die(`Unknown device tree blob version ${version}`);
