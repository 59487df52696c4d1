import { die, guardCommand, runCommand } from "../command.ts";
import type { Host } from "../host.ts";
import { parseOptions, usage } from "../options.ts";
import { dtc } from "./dtc.ts";
import { dtcOptions } from "./options.ts";
import { readSettings } from "./settings.ts";

const name = "dtc-batch";
const synopsis = `${name} [options] <list\n\tEach line of the list is "IN OUT", or IN, a tab and OUT. The options are dtc's.`;

/** What dtc has for one file, and each line has of its own. */
const own = dtcOptions.filter(({ short }) => short === "o" || short === "d");
const options = dtcOptions.filter((option) => !own.includes(option));

/**
 * Compiles many files in one process: each line of standard input is `IN OUT`, the options are dtc's and hold for all.
 * Names with blanks stand with a tab between them. Goes on behind a file that fails, and says which line it was; the
 * exit code is the highest. No file is written twice: the second line would undo the first.
 */
export function runBatch(host: Host, args: readonly string[]): number {
  return guardCommand(name, host, () => {
    const parsed = parseOptions(name, options, args);
    if (parsed.options.some(({ short }) => short === "h")) {
      host.print(usage(synopsis, options));
      return 0;
    }
    if (parsed.options.some(({ short }) => short === "v")) return runCommand(dtc, host, ["-v"]);
    if (parsed.error !== undefined) die(parsed.error);
    if (parsed.operands.length > 0) die(`${name} takes no files but those of the list on standard input`);
    readSettings(parsed.options);
    const list = Buffer.from(host.read("-")).toString("latin1").split("\n");
    return runLines(host, args, list);
  });
}

function runLines(host: Host, args: readonly string[], list: readonly string[]): number {
  const outputs = new Map<string, number>();
  let code = 0;
  const refuse = (line: number, what: string): void => {
    host.complain(`${name}: line ${line} ${what}\n`);
    code = Math.max(code, 1);
  };
  list.forEach((text, index) => {
    const line = index + 1;
    if (text.trim() === "") return;
    const [input = "", output = "", ...more] = namesIn(text);
    if (input === "" || output === "" || more.length > 0) {
      refuse(line, 'is not "IN OUT"');
      return;
    }
    if (input === "-") {
      refuse(line, "reads standard input, which is the list");
      return;
    }
    const earlier = outputs.get(output);
    if (earlier !== undefined) {
      refuse(line, `writes ${output}, as line ${earlier} does`);
      return;
    }
    if (output !== "-" && !output.startsWith("/dev/")) outputs.set(output, line);
    // In front, for the options may end with "--".
    const operand = input.startsWith("-") ? `./${input}` : input;
    const done = runCommand(dtc, host, ["-o", output, operand, ...args]);
    if (done !== 0) host.complain(`${name}: line ${line} failed: ${input}\n`);
    code = Math.max(code, done);
  });
  return code;
}

/** Between tabs, if there are any: then names may have blanks. */
function namesIn(line: string): readonly string[] {
  const inside = line.trim();
  return inside.includes("\t") ? inside.split(/\t+/).map((each) => each.trim()) : inside.split(/ +/);
}
