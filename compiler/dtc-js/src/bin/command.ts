import { PrintError } from "../print/output.ts";
import { FileError, type Host } from "./host.ts";
import { parseOptions, usage, type OptionSpec, type ParsedOptions } from "./options.ts";

/** Ends a command: what it says last, and its exit code. */
export class Exit extends Error {
  readonly code: number;
  constructor(code: number, message = "") {
    super(message);
    this.code = code;
  }
}

/** The release of dtc whose behaviour the commands have. */
const VERSION = "1.8.1";

export interface CommandSpec {
  readonly name: string;
  readonly synopsis: string;
  readonly options: readonly OptionSpec[];
  /** Said before anything else. */
  readonly greeting?: string;
  readonly run: (
    host: Host,
    parsed: Pick<ParsedOptions, "options" | "operands">,
    fail: (why: string) => never,
  ) => number;
}

/** Runs a command and answers with its exit code. Whatever the input is, there is no stack trace. */
export function runCommand(spec: CommandSpec, host: Host, args: readonly string[]): number {
  if (spec.greeting !== undefined) host.complain(spec.greeting);
  const text = usage(spec.synopsis, spec.options);
  const parsed = parseOptions(spec.name, spec.options, args);
  const fail = (why: string): never => {
    throw new Exit(1, `${text}\nError: ${why}\n`);
  };
  try {
    for (const { short } of parsed.options) {
      if (short === "h") {
        host.print(text);
        return 0;
      }
      // dtc's is -v, where the others have "verbose".
      if (short === "V" && spec.options.some(({ long, short: each }) => each === "V" && long === "version")) {
        return printVersion(host);
      }
      if (short === "v" && spec.options.some(({ long, short: each }) => each === "v" && long === "version")) {
        return printVersion(host);
      }
    }
    if (parsed.error !== undefined) {
      host.complain(`${parsed.error}\n`);
      fail("unknown option");
    }
    return spec.run(host, parsed, fail);
  } catch (fault) {
    if (fault instanceof Exit) {
      host.complain(fault.message);
      return fault.code;
    }
    if (fault instanceof FileError) {
      host.complain(`FATAL ERROR: ${fault.reason}\n`);
      return 1;
    }
    if (fault instanceof RangeError || fault instanceof PrintError) {
      host.complain(`FATAL ERROR: ${fault.message}\n`);
      return 1;
    }
    throw fault;
  }
}

function printVersion(host: Host): number {
  host.print(`Version: DTC ${VERSION}\n`);
  return 0;
}

/** dtc's last words. */
export function die(message: string): never {
  throw new Exit(1, `FATAL ERROR: ${message}\n`);
}
