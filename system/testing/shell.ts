import { expect } from "vitest";
import type { ConsoleLine } from "../../cli/tools/console.ts";
import type { Machine } from "./machine.ts";

/** Types a line at a Linux domain's shell, which must come to its end, and well; what it printed. */
export async function run(machine: Machine, name: string, command: string, seconds = 180): Promise<readonly string[]> {
  await machine.focus(name);
  const from = machine.lines.length;
  // Of this command alone, for the last one's may come whole only now; and not in what is typed, which the console echoes.
  const mark = `end-of-it-${from}`;
  machine.type(`(${command}); echo end''-of-it-${from} $?\n`);
  const ends = ({ speaker, text }: ConsoleLine): boolean => speaker === name && text.startsWith(`${mark} `);
  const { text } = await machine.waitForLine(ends, seconds);
  expect([command, text]).toEqual([command, `${mark} 0`]);
  return machine.lines.slice(from).flatMap((line) => (line.speaker === name && line.complete ? [line.text] : []));
}
