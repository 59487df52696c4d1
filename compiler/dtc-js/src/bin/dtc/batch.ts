import { runCommand } from "../command.ts";
import type { Host } from "../host.ts";
import { dtc } from "./dtc.ts";

/**
 * Compiles many files in one process: each line of standard input is `IN OUT`, the options are dtc's and hold for all.
 * Goes on behind a file that fails; the exit code is the highest.
 */
export function runBatch(host: Host, args: readonly string[]): number {
  const lines = Buffer.from(host.read("-")).toString("latin1").split("\n");
  let code = 0;
  lines.forEach((line, index) => {
    if (line.trim() === "") return;
    const [input, output, ...more] = line.trim().split(/[ \t]+/);
    if (input === undefined || output === undefined || more.length > 0) {
      host.complain(`dtc-batch: line ${index + 1} is not "IN OUT"\n`);
      code = Math.max(code, 1);
      return;
    }
    code = Math.max(code, runCommand(dtc, host, [...args, "-o", output, "--", input]));
  });
  return code;
}
