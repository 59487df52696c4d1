import { encode } from "../../blob/encode.ts";
import { FDT_LAST_COMPATIBLE_VERSION } from "../../blob/format.ts";
import { applyOverlay } from "../../overlay/apply.ts";
import type { Node } from "../../tree.ts";
import { Exit, type CommandSpec } from "../command.ts";
import type { Host } from "../host.ts";
import { decodeFile, readBytes, writeBlob, type BlobFile } from "./blob-file.ts";

export const fdtoverlay: CommandSpec = {
  name: "fdtoverlay",
  synopsis: "apply a number of overlays to a base blob\n\tfdtoverlay <options> [<overlay.dtbo> [<overlay.dtbo>]]",
  options: [
    { short: "i", long: "input", takesValue: true, help: "Input base DT blob" },
    { short: "o", long: "output", takesValue: true, help: "Output DT blob" },
    { short: "v", long: "verbose", help: "Verbose messages" },
    { short: "h", long: "help", help: "Print this help and exit" },
    { short: "V", long: "version", help: "Print version and exit" },
  ],
  run(host, { options, operands }, fail) {
    const last = (wanted: string): string | undefined => options.findLast(({ short }) => short === wanted)?.value;
    const [input, output] = [last("i"), last("o")];
    if (input === undefined) return fail("missing input file");
    if (output === undefined) return fail("missing output file");
    if (operands.length === 0) return fail("missing overlay file(s)");
    if (options.some(({ short }) => short === "v")) {
      const lines = operands.map((path, index) => `overlay[${index}] = ${path}\n`);
      host.print(`input  = ${input}\noutput = ${output}\n${lines.join("")}`);
    }
    const base = read(host, input);
    if (base.version < FDT_LAST_COMPATIBLE_VERSION) {
      throw new Exit(1, "\nFailed to make temporary copy: FDT_ERR_BADVERSION\n");
    }
    const overlays = operands.map((path) => ({ path, ...read(host, path) }));
    let { tree } = base;
    for (const { path, tree: overlay } of overlays) tree = apply(tree, overlay, path);
    const names = overlays.flatMap(({ tree: overlay }) => Array.from(namesIn(overlay.root)));
    const blob = encode(tree, { names: [...base.names, ...names] });
    writeBlob(host, output, blob, `\nFailed to write '${output}'\n`);
    return 0;
  },
};

/** In the order in which libfdt meets them: it appends to the strings block what it lacks. */
function* namesIn(root: Node): Generator<string, void> {
  for (const fragment of root.children) {
    for (const body of fragment.children) if (body.name === "__overlay__") yield* namesBelow(body);
  }
  for (const child of root.children) if (child.name === "__symbols__") yield* namesBelow(child);
}

function* namesBelow(node: Node): Generator<string, void> {
  for (const { name } of node.properties) yield name;
  for (const child of node.children) yield* namesBelow(child);
}

function read(host: Host, path: string): BlobFile {
  const found = decodeFile(readBytes(host, path, `\nFailed to read '${path}'\n`));
  if (typeof found === "string") throw new Exit(1, `\nFailed to read '${path}': ${found}\n`);
  return found;
}

function apply(tree: BlobFile["tree"], overlay: BlobFile["tree"], path: string): BlobFile["tree"] {
  const applied = applyOverlay(tree, overlay);
  if (applied.ok) return applied.value;
  const symbols = tree.root.children.some(({ name }) => name === "__symbols__");
  const advice = symbols
    ? ""
    : "base blob does not have a '/__symbols__' node, make sure you have compiled the base blob with '-@' option\n";
  throw new Exit(1, `\nFailed to apply '${path}': ${applied.diagnostics[0].code}\n${advice}`);
}
