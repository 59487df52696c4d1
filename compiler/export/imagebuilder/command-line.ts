import type { Origin, Sheet } from "./sheet.ts";

/** ImageBuilder's boot script has command lines between double quotes, where these are U-Boot's own. */
const uboots = /["$\\]/;

/** A command line, which has to come to the device tree as it is. */
export function commandLine(sheet: Sheet, name: string, text: string, origin: Origin): void {
  const found = uboots.exec(text)?.[0];
  const why = "between the double quotes of its boot script U-Boot takes that character for its own";
  if (found !== undefined) sheet.tell("XI2251", { what: `a text with ${found}`, name, why }, origin.place);
  sheet.set(name, text, origin);
}
