import type { OptionSpec } from "../options.ts";

const option = (short: string, long: string, help: string): OptionSpec => ({ short, long, help: `\n\t${help}` });
const valued = (short: string, long: string, help: string): OptionSpec => ({
  ...option(short, long, help),
  takesValue: true,
});

/** dtc's options, in the order of its usage text. */
export const dtcOptions: readonly OptionSpec[] = [
  option("q", "quiet", "Quiet: -q suppress warnings, -qq errors, -qqq all"),
  valued(
    "I",
    "in-format",
    "Input formats are:\n\t\tdts - device tree source text\n\t\tdtb - device tree blob\n\t\tfs  - /proc/device-tree style directory",
  ),
  valued("o", "out", "Output file"),
  valued(
    "O",
    "out-format",
    "Output formats are:\n\t\tdts - device tree source text\n\t\tdtb - device tree blob\n\t\tyaml - device tree encoded as YAML\n\t\tasm - assembler source",
  ),
  valued("V", "out-version", "Blob version to produce, defaults to 17 (for dtb and asm output)"),
  valued("d", "out-dependency", "Output dependency file"),
  valued("R", "reserve", "Make space for <number> reserve map entries (for dtb and asm output)"),
  valued("S", "space", "Make the blob at least <bytes> long (extra space)"),
  valued("p", "pad", "Add padding to the blob of <bytes> long (extra space)"),
  valued("a", "align", "Make the blob align to the <bytes> (extra space)"),
  valued("b", "boot-cpu", "Set the physical boot cpu"),
  option("f", "force", "Try to produce output even if the input tree has errors"),
  valued("i", "include", "Add a path to search for include files"),
  option("s", "sort", "Sort nodes and properties before outputting (useful for comparing trees)"),
  valued(
    "H",
    "phandle",
    'Valid phandle formats are:\n\t\tlegacy - "linux,phandle" properties only\n\t\tepapr  - "phandle" properties only\n\t\tboth   - Both "linux,phandle" and "phandle" properties',
  ),
  valued("W", "warning", 'Enable/disable warnings (prefix with "no-")'),
  valued("E", "error", 'Enable/disable errors (prefix with "no-")'),
  option("@", "symbols", "Enable generation of symbols"),
  option("L", "local-fixups", "Possibly generates a __local_fixups__ and a __fixups__ node at the root node"),
  option("A", "auto-alias", "Enable auto-alias of labels"),
  option("T", "annotate", "Annotate output .dts with input source file and line (-T -T for more details)"),
  option("h", "help", "Print this help and exit"),
  option("v", "version", "Print version and exit"),
  { ...option("cpp", "cpp", "Preprocess the source"), ours: true },
  { ...valued("D", "define", "Define a macro for --cpp, NAME or NAME=VALUE"), ours: true },
];
