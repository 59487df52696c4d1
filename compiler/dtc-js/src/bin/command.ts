import { PrintError } from "../print/output.ts";
import type { Host } from "./host.ts";
import { BrokenPipe, FileError } from "./reasons.ts";
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
  /** As the usage lists the short options, where that is not the order of `options`. */
  readonly shortOptions?: string;
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
  return guardCommand(spec.name, host, () => {
    if (spec.greeting !== undefined) host.complain(spec.greeting);
    const text = usage(spec.synopsis, spec.options, spec.shortOptions);
    const parsed = parseOptions(spec.name, spec.options, args);
    const fail = (why: string): never => {
      throw new Exit(1, `${text}\nError: ${why}\n`);
    };
    for (const { short } of parsed.options) {
      if (short === "h") {
        host.print(text);
        return 0;
      }
      // dtc's is -v, where the others have "verbose".
      if (spec.options.some((each) => each.short === short && each.long === "version")) return printVersion(host);
    }
    if (parsed.error !== undefined) {
      host.complain(`${parsed.error}\n`);
      fail("unknown option");
    }
    return spec.run(host, parsed, fail);
  });
}

/** What a shell says of a command that SIGPIPE has ended; Node itself is not ended by it. */
const BROKEN_PIPE = 141;

/** Runs a command's work, and tells of whatever ends it. */
export function guardCommand(name: string, host: Host, work: () => number): number {
  try {
    return work();
  } catch (fault) {
    if (fault instanceof BrokenPipe) return BROKEN_PIPE;
    if (fault instanceof Exit) {
      host.complain(fault.message);
      return fault.code;
    }
    if (fault instanceof FileError) host.complain(`FATAL ERROR: ${fault.reason}\n`);
    else if (fault instanceof RangeError || fault instanceof PrintError) {
      host.complain(`FATAL ERROR: ${fault.message}\n`);
    } else {
      host.complain(`${name} bug: ${fault instanceof Error ? fault.message : String(fault)}\n`);
      return 70;
    }
    return 1;
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
