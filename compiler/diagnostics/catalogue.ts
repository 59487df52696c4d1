import { bootEntries } from "./catalogue/boot.ts";
import { checkEntries } from "./catalogue/check.ts";
import { commandEntries } from "./catalogue/command.ts";
import { configEntries } from "./catalogue/config.ts";
import { deviceEntries } from "./catalogue/devices.ts";
import { evidenceEntries } from "./catalogue/evidence.ts";
import { exportEntries } from "./catalogue/export.ts";
import { fileEntries } from "./catalogue/files.ts";
import { importEntries } from "./catalogue/import.ts";
import { imageEntries } from "./catalogue/images.ts";
import { layoutEntries } from "./catalogue/layout.ts";
import { optionEntries } from "./catalogue/options.ts";
import { pvEntries } from "./catalogue/pv.ts";
import { resolveEntries } from "./catalogue/resolve.ts";
import { authenticodeEntries } from "./catalogue/authenticode.ts";
import { signingEntries } from "./catalogue/signing.ts";
import { schedulingEntries } from "./catalogue/scheduling.ts";
import type { Diagnostic, Label } from "./diagnostic.ts";
import type { Entry } from "./entry.ts";

/** Every diagnostic there is. Codes are permanent: one that is no longer raised is retired, not reused. */
export const catalogue = {
  ...fileEntries,
  ...importEntries,
  ...exportEntries,
  ...resolveEntries,
  ...layoutEntries,
  ...configEntries,
  ...checkEntries,
  ...schedulingEntries,
  ...deviceEntries,
  ...optionEntries,
  ...pvEntries,
  ...imageEntries,
  ...authenticodeEntries,
  ...signingEntries,
  ...evidenceEntries,
  ...bootEntries,
  ...commandEntries,
} as const;

export type Code = keyof typeof catalogue;
export type ParamsOf<C extends Code> = (typeof catalogue)[C] extends Entry<infer Params> ? Params : never;

export interface Places {
  readonly primary?: Label;
  readonly labels?: readonly Label[];
}

/** In UTF-16 units. Names may be a megabyte long, and a thousand diagnostics may each repeat them all. */
const longestText = 4000;

/** A text that people can read to its end. Written anew, because a slice would keep all of the long one in memory. */
const readable = (text: string): string =>
  text.length <= longestText
    ? text
    : new TextDecoder().decode(new TextEncoder().encode(`${text.slice(0, longestText)}…`));

/** The diagnostic `code` for these parameters and places. */
export function diagnose<C extends Code>(code: C, params: ParamsOf<C>, places: Places = {}): Diagnostic {
  const { severity, message, help, fix } = catalogue[code] as Entry<ParamsOf<C>>;
  const text = help?.(params);
  const replacement = fix?.(params);
  return {
    code,
    severity,
    message: readable(message(params)),
    ...(places.primary && { primary: places.primary }),
    labels: places.labels ?? [],
    ...(text !== undefined && { help: readable(text) }),
    ...(replacement !== undefined && { fix: { text: replacement } }),
  };
}
