import { runInNewContext } from "node:vm";
import { expect } from "vitest";
import { GiB, KiB, MiB } from "../../base/units.ts";
import type { SystemInput } from "../../config/input.ts";
import { importedTogether } from "./request.ts";

/** What one xl.cfg of this text gives on the board of `board.dtb`. */
export const imported = (text: string) => importedTogether({ "web.cfg": text }, "board.dtb");
/** A sound domain, the three lines that it needs. */
export const domain = 'name = "web"\nkernel = "Image"\nmemory = 64\n';
/** Another one, which may serve the first. */
export const store = 'name = "store"\nkernel = "Image"\nmemory = 64\n';
/** The findings of a sound configuration with these lines after its own three. */
export const findings = async (lines: string) => (await imported(domain + lines)).findings;

/** What a board.ts that imports nothing but functions for sizes gives to `defineSystem`. */
function systemOf(text: string): SystemInput {
  const script = text.replaceAll(/^import .*$/gm, "").replace("export default defineSystem(", "result = (");
  const context = { result: undefined, KiB, MiB, GiB };
  runInNewContext(script, context);
  return context.result as unknown as SystemInput;
}

/** The system of a domain "web" with these lines, which are taken over without a word, and of other files. */
export async function system(lines: string, besides: Readonly<Record<string, string>> = {}): Promise<SystemInput> {
  const { text = "", findings: told } = await importedTogether({ "web.cfg": domain + lines, ...besides }, "board.dtb");
  expect(told).toEqual([]);
  return systemOf(text);
}

/** What lines after the domain's own bring about in it. */
export async function fields(lines: string): Promise<Readonly<Record<string, unknown>>> {
  const [without, withLines] = await Promise.all(["", lines].map(async (each) => (await system(each)).domains["web"]));
  const plain = new Map(Object.entries(without ?? {}));
  return Object.fromEntries(Object.entries(withLines ?? {}).filter(([name, value]) => plain.get(name) !== value));
}
