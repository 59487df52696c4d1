import { decode } from "../../blob/decode.ts";
import type { Diagnostic } from "../../diagnostic.ts";
import { readSource } from "../../parse/parse.ts";
import { asOverlay } from "../../resolve/fixup-references.ts";
import type { SourceFile } from "../../span.ts";
import type { DeviceTree } from "../../tree.ts";
import { die, Exit } from "../command.ts";
import type { Host } from "../host.ts";
import { FileError } from "../reasons.ts";
import { readFolder } from "./folder.ts";
import { printPlace, printTrail } from "./place.ts";
import type { Settings } from "./settings.ts";

/**
 * Bytes of a source with everything that it includes, again for each time, and of what `/incbin/` takes in: an include
 * that includes twice what includes twice would otherwise take all memory there is.
 */
const MAX_SOURCE = 2 ** 26;
const MAX_BINARIES = 2 ** 28;

export type InputFormat = "dts" | "dtb" | "fs";

export interface Input {
  readonly format: InputFormat;
  readonly tree: DeviceTree;
  /** Every file that was read, in order, for -d. */
  readonly files: readonly string[];
}

export function readInput(host: Host, settings: Settings, path: string): Input {
  if (settings.input !== undefined && !["dts", "dtb", "fs"].includes(settings.input)) {
    die(`Unknown input format "${settings.input}"`);
  }
  if (settings.input === "fs" || (settings.input === undefined && host.isFolder(path))) {
    return { format: "fs", tree: readFolder(host, path), files: [] };
  }
  const bytes = open(host, path);
  const format = settings.input ?? guessFormat(path, bytes);
  return format === "dtb" ? readBlob(bytes, path) : readText(host, settings, path, bytes);
}

function open(host: Host, path: string): Uint8Array {
  try {
    return host.read(path);
  } catch (fault) {
    if (fault instanceof FileError) die(`Couldn't ${fault.opened ? "read" : "open"} "${path}": ${fault.reason}`);
    throw fault;
  }
}

/** By the blob's magic number, then by the file's name. */
function guessFormat(path: string, bytes: Uint8Array): InputFormat {
  if (bytes[0] === 0xd0 && bytes[1] === 0x0d && bytes[2] === 0xfe && bytes[3] === 0xed) return "dtb";
  return path.toLowerCase().endsWith(".dtb") || path.toLowerCase().endsWith(".dtbo") ? "dtb" : "dts";
}

function readBlob(bytes: Uint8Array, path: string): Input {
  if (bytes.length === 0) die("EOF reading DT blob magic number");
  const decoded = decode(bytes);
  const files = [path === "-" ? "<stdin>" : path];
  if (decoded.ok) return { format: "dtb", tree: asOverlay(decoded.value), files };
  const { code, offset, message } = decoded.diagnostics[0];
  if (code === "bad-magic") die("Blob has incorrect magic number");
  return die(`${message} (at offset ${offset} of the blob)`);
}

const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");

function readText(host: Host, settings: Settings, path: string, bytes: Uint8Array): Input {
  const name = path === "-" ? "<stdin>" : path;
  if (bytes.length > MAX_SOURCE) die(`${name}: a source has at most ${MAX_SOURCE} bytes`);
  const files = [name];
  /** dtc's last words, where a file is not found. */
  let missing: string | undefined;
  const left = { source: MAX_SOURCE - bytes.length, binaries: MAX_BINARIES };
  const find = (
    kind: keyof typeof left,
    wanted: string,
    from: string,
    angled = false,
  ): { readonly path: string; readonly bytes: Uint8Array } | undefined => {
    let reason = "No such file or directory";
    for (const candidate of candidates(wanted, angled ? undefined : from, settings.folders)) {
      try {
        const found = { path: candidate, bytes: host.read(candidate, left[kind]) };
        left[kind] -= found.bytes.length;
        files.push(candidate);
        return found;
      } catch (fault) {
        if (!(fault instanceof FileError)) throw fault;
        if (fault.opened) die(`Couldn't read "${candidate}" for "${name}": ${fault.reason}`);
        ({ reason } = fault);
      }
    }
    missing ??= `Couldn't open "${wanted}": ${reason}`;
    return undefined;
  };
  const source: SourceFile = { name, text: latin1(bytes), encoding: "bytes" };
  const { value, diagnostics } = readSource(source, {
    include: (wanted, from, angled) => {
      const found = find("source", wanted, from, angled);
      return found && { name: found.path, text: latin1(found.bytes), encoding: "bytes" };
    },
    binary: (wanted, from) => find("binaries", wanted, from)?.bytes,
    overflow: "truncate",
    preprocess: settings.preprocess && { defines: settings.defines },
  });
  if (value) {
    for (const { span, message, trail } of diagnostics) {
      if (settings.quiet < 1 && span) host.complain(`WARNING: ${printPlace(span)}: ${message}\n${printTrail(trail)}`);
    }
    return { format: "dts", tree: value, files };
  }
  throw new Exit(1, describe(diagnostics, missing));
}

/** Beside the file that asks, unless the name stands in `<>`, then in the folders of -i. */
function candidates(name: string, from: string | undefined, folders: readonly string[]): readonly string[] {
  if (name.startsWith("/")) return [name];
  const inFolders = folders.map((folder) => `${folder}/${name}`);
  if (from === undefined) return inFolders;
  const slash = from.lastIndexOf("/");
  const beside = slash < 0 ? name : `${from.slice(0, slash)}/${name}`;
  return [beside, ...inFolders];
}

/**
 * dtc stops at the first syntax error, and says "Syntax error" of everything else. What follows a file that is not found
 * is mostly its consequence.
 */
function describe(diagnostics: readonly Diagnostic[], missing: string | undefined): string {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const include = errors.findIndex(({ code }) => code === "include");
  const told = missing === undefined || include < 0 ? errors : errors.slice(0, include + 1);
  const lines = told.map(({ code, message, span, trail }) => {
    const place = span ? `${printPlace(span)} ` : "";
    const text = code === "syntax" ? `syntax error: ${message}` : message;
    return `${code === "literal" ? "Lexical error" : "Error"}: ${place}${text}\n${printTrail(trail)}`;
  });
  const unreadable = told.some(({ code }) => code === "syntax" || code === "property_order");
  const last = told === errors ? `${unreadable ? "Unable to parse" : "Syntax error parsing"} input tree` : missing;
  return `${lines.join("")}FATAL ERROR: ${last}\n`;
}
