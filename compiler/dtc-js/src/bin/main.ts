import { commandLine } from "./command-line.ts";
import { runCommand, type CommandSpec } from "./command.ts";
import { machine } from "./host.ts";

/** Runs a command for the process that this is. */
export function main(spec: CommandSpec): void {
  process.exitCode = runCommand(spec, machine, commandLine());
}
