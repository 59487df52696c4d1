import { RESERVATION_SIZE } from "../../blob/format.ts";
import { defaultLevels, setLevel, type Levels } from "../../check/levels.ts";
import type { PhandleFormat } from "../../resolve/phandles.ts";
import { die } from "../command.ts";
import type { ParsedOptions } from "../options.ts";

/** What the command line asks for. */
export interface Settings {
  quiet: number;
  input: string | undefined;
  output: string;
  format: string | undefined;
  /** Any number: only blobs and assembler source ask what it is. */
  version: number;
  dependencies: string | undefined;
  reserve: number;
  space: number;
  pad: number;
  align: number;
  bootCpuid: number | undefined;
  force: boolean;
  readonly folders: string[];
  phandles: PhandleFormat;
  sort: boolean;
  readonly levels: Levels;
  symbols: boolean;
  fixups: boolean;
  aliases: boolean;
  annotate: 0 | 1 | 2;
  /** --cpp: as the C preprocessor would do it first. */
  preprocess: boolean;
  readonly defines: Record<string, string>;
}

/** As strtol(…, 0): decimal, 0x or octal, up to what is no digit; 0 where there is none. */
function signed(text: string): number {
  const [, sign, digits = "0"] = /^\s*([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[0-9]+)/.exec(text) ?? [];
  const value = /^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
  return sign === "-" ? 0 - value : value;
}

/** A number of bytes, or of things of that many bytes: what is negative asks for nothing, and 2 GiB are no blob. */
function bytes(text: string, option: string, each = 1): number {
  const count = signed(text);
  if (count * each >= 2 ** 31) die(`Invalid argument "${text}" to -${option} option`);
  return Math.max(0, count);
}

const phandleFormats: readonly PhandleFormat[] = ["legacy", "epapr", "both"];

export function readSettings(options: ParsedOptions["options"]): Settings {
  const levels = defaultLevels();
  const settings: Settings = {
    quiet: 0,
    input: undefined,
    output: "-",
    format: undefined,
    version: 17,
    dependencies: undefined,
    reserve: 0,
    space: 0,
    pad: 0,
    align: 1,
    bootCpuid: undefined,
    force: false,
    folders: [],
    phandles: "epapr",
    sort: false,
    levels,
    symbols: false,
    fixups: false,
    aliases: false,
    annotate: 0,
    preprocess: false,
    defines: {},
  };
  for (const { short, value } of options) {
    if (short === "W" || short === "E") {
      const kind = short === "W" ? "warning" : "error";
      if (!setLevel(levels, kind, value)) die(`Unrecognized check name "${value.replace(/^no[-_]/, "")}"`);
    } else readSetting(settings, short, value);
  }
  if (!settings.preprocess && Object.keys(settings.defines).length > 0)
    die("-D is for sources that are read with --cpp");
  if (settings.pad > 0 && settings.space > 0) die("Can't set both -p and -S");
  return settings;
}

/** `NAME` or `NAME=VALUE`. */
function define({ defines }: Settings, value: string): void {
  const equals = value.indexOf("=");
  const name = equals < 0 ? value : value.slice(0, equals);
  Object.defineProperty(defines, name, {
    value: equals < 0 ? "1" : value.slice(equals + 1),
    enumerable: true,
    configurable: true,
  });
}

function readSetting(settings: Settings, short: string, value: string): void {
  switch (short) {
    case "q":
      settings.quiet++;
      break;
    case "I":
      settings.input = value;
      break;
    case "o":
      settings.output = value;
      break;
    case "O":
      settings.format = value;
      break;
    case "d":
      settings.dependencies = value;
      break;
    case "V":
      settings.version = signed(value);
      break;
    case "R":
      settings.reserve = bytes(value, short, RESERVATION_SIZE);
      break;
    case "S":
      settings.space = bytes(value, short);
      break;
    case "p":
      settings.pad = bytes(value, short);
      break;
    case "a":
      settings.align = signed(value);
      if (settings.align <= 0 || settings.align >= 2 ** 31 || (settings.align & (settings.align - 1)) !== 0) {
        die(`Invalid argument "${settings.align}" to -a option`);
      }
      break;
    case "b":
      settings.bootCpuid = Math.max(0, signed(value));
      break;
    case "f":
      settings.force = true;
      break;
    case "i":
      settings.folders.push(value);
      break;
    case "H":
      settings.phandles =
        phandleFormats.find((each) => each === value) ?? die(`Invalid argument "${value}" to -H option`);
      break;
    case "s":
      settings.sort = true;
      break;
    case "@":
      settings.symbols = true;
      break;
    case "L":
      settings.fixups = true;
      break;
    case "A":
      settings.aliases = true;
      break;
    case "cpp":
      settings.preprocess = true;
      break;
    case "D":
      define(settings, value);
      break;
    case "T":
      settings.annotate = settings.annotate === 0 ? 1 : 2;
      break;
  }
}
