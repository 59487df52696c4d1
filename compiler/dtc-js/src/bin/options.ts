/** One option of a command, as getopt_long knows it. */
export interface OptionSpec {
  readonly short: string;
  readonly long: string;
  readonly takesValue?: true;
  readonly help: string;
  /** The original has no such option: usage does not tell of it, and it cannot be abbreviated. */
  readonly ours?: true;
}

export interface ParsedOptions {
  /** In the order of the command line. */
  readonly options: readonly { readonly short: string; readonly value: string }[];
  readonly operands: readonly string[];
  /** What is wrong, in getopt's words. */
  readonly error?: string;
}

/** Reads a command line as GNU's getopt_long does: options anywhere, bundled, abbreviated, until "--". */
export function parseOptions(program: string, specs: readonly OptionSpec[], args: readonly string[]): ParsedOptions {
  const options: Options = [];
  const operands: string[] = [];
  let index = 0;
  const reading: Reading = { program, specs, options, next: () => args[++index] };
  for (; index < args.length; index++) {
    const argument = args[index] ?? "";
    if (argument === "--") {
      operands.push(...args.slice(index + 1));
      break;
    }
    if (argument === "-" || !argument.startsWith("-")) {
      operands.push(argument);
      continue;
    }
    const error = argument.startsWith("--") ? readLong(reading, argument) : readShort(reading, argument);
    if (error !== undefined) return { options, operands, error };
  }
  return { options, operands };
}

type Options = { short: string; value: string }[];

/** A command line on the way: what was found is added to `options`. */
interface Reading {
  readonly program: string;
  readonly specs: readonly OptionSpec[];
  readonly options: Options;
  /** The argument behind the one that is read, which it takes. */
  readonly next: () => string | undefined;
}

/** Reads one argument; answers with what is wrong with it. */
function readLong({ program, specs, options, next }: Reading, argument: string): string | undefined {
  const [, name = "", given] = /^--([^=]*)(?:=([^]*))?$/.exec(argument) ?? [];
  const exact = specs.filter(({ long }) => long === name);
  const found = exact.length > 0 ? exact : specs.filter(({ long, ours }) => !ours && long.startsWith(name));
  const spec = found[0];
  if (!spec) return `${program}: unrecognized option '${argument}'`;
  if (found.length > 1) {
    const candidates = found.map(({ long }) => ` '--${long}'`).join("");
    return `${program}: option '--${name}' is ambiguous; possibilities:${candidates}`;
  }
  if (!spec.takesValue) {
    if (given !== undefined) return `${program}: option '--${spec.long}' doesn't allow an argument`;
    options.push({ short: spec.short, value: "" });
    return undefined;
  }
  const value = given ?? next();
  if (value === undefined) return `${program}: option '--${spec.long}' requires an argument`;
  options.push({ short: spec.short, value });
  return undefined;
}

function readShort({ program, specs, options, next }: Reading, argument: string): string | undefined {
  for (let at = 1; at < argument.length; at++) {
    const short = argument.charAt(at);
    const spec = specs.find((each) => each.short === short);
    if (!spec) return `${program}: invalid option -- '${short}'`;
    if (!spec.takesValue) {
      options.push({ short, value: "" });
      continue;
    }
    const value = at + 1 < argument.length ? argument.slice(at + 1) : next();
    if (value === undefined) return `${program}: option requires an argument -- '${short}'`;
    options.push({ short, value });
    return undefined;
  }
  return undefined;
}

/**
 * What -h prints: the synopsis, the short options, and each with its help. Where `order` is given, the original lists
 * the short options in another order than it explains them.
 */
export function usage(synopsis: string, known: readonly OptionSpec[], order?: string): string {
  const specs = known.filter(({ ours }) => !ours);
  const shorts = order ?? specs.map(({ short, takesValue }) => short + (takesValue ? ":" : "")).join("");
  const heads = specs.map(({ short, long, takesValue }) => `-${short}, --${long}${takesValue ? " <arg>" : ""}`);
  const width = Math.max(...heads.map((head) => head.length));
  const lines = specs.map(({ help }, index) => `  ${(heads[index] ?? "").padEnd(width)} ${help}\n`);
  return `Usage: ${synopsis}\n\nOptions: -[${shorts}]\n${lines.join("")}`;
}
