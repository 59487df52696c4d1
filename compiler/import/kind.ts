import { variables } from "./imagebuilder/variables.ts";
import { options } from "./xl/options.ts";

/** What a file is, by its content; else why it is nothing that is known. */
export type Kind =
  | { readonly kind: "dom0less" }
  | { readonly kind: "imagebuilder" | "xl"; readonly text: string }
  | { readonly kind: "unknown"; readonly reason: string };

export function kindOf(bytes: Uint8Array): Kind {
  if (isBlob(bytes)) return { kind: "dom0less" };
  const text = textOf(bytes);
  if (text === undefined) return { kind: "unknown", reason: "it is neither text nor a device tree blob" };
  if (/^[ \t]*\/dts-v1\//m.test(text))
    return { kind: "unknown", reason: "it is device tree source; dtc makes a blob of it" };
  const kind = languageOf(text);
  return kind ? { kind, text } : { kind: "unknown", reason: "no line of it is one of a format that is known" };
}

/** Devicetree Specification 0.4, 5.2: the magic number. */
const isBlob = (bytes: Uint8Array): boolean => [0xd0, 0x0d, 0xfe, 0xed].every((byte, index) => bytes[index] === byte);

/** No configuration that a person wrote is longer. */
const longest = 2 ** 24;

function textOf(bytes: Uint8Array): string | undefined {
  try {
    const text = bytes.length <= longest ? new TextDecoder("utf-8", { fatal: true }).decode(bytes) : "\0";
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}

/**
 * Both languages assign to names, xl's without capitals. A script may have variables of its own beside ImageBuilder's, so
 * that one of these decides, wherever it stands.
 */
function languageOf(text: string): "imagebuilder" | "xl" | undefined {
  const names = new Set<string>();
  for (const [, name = ""] of text.matchAll(/^[ \t]*(declare\b|[A-Za-z_]\w*(?=[ \t]*\+?=|\[[^\]\n]*\]\+?=))/gm))
    names.add(name);
  const some = (of: (name: string) => boolean): boolean => [...names].some(of);
  if (some((name) => name === "declare" || Object.hasOwn(variables, name))) return "imagebuilder";
  if (some((name) => Object.hasOwn(options, name))) return "xl";
  if (some((name) => /^[A-Z][A-Z\d_]*$/.test(name))) return "imagebuilder";
  return names.size > 0 ? "xl" : undefined;
}
