import type { Reference } from "../tree.ts";
import { Char, END, isDigit } from "./chars.ts";
import { StatementFault } from "./fault.ts";
import type { Scanner } from "./scanner.ts";
import type { Label } from "../tree.ts";

const reference = /&(?:([a-zA-Z_][a-zA-Z0-9_]*)|\{([a-zA-Z0-9,._+*#?@/-]+)\})/y;
const keyword = /\/(?:dts-v1|plugin|memreserve|bits|delete-property|delete-node|omit-if-no-ref|incbin)\//y;

export type Keyword =
  | "/dts-v1/"
  | "/plugin/"
  | "/memreserve/"
  | "/bits/"
  | "/delete-property/"
  | "/delete-node/"
  | "/omit-if-no-ref/"
  | "/incbin/";

/** All labels that stand here, in source order. */
export function takeLabels(scanner: Scanner): readonly Required<Label>[] {
  let labels: Required<Label>[] | undefined;
  for (;;) {
    const length = labelLength(scanner);
    if (length === 0) return labels ?? none;
    const mark = scanner.mark();
    const name = scanner.text.slice(scanner.offset, scanner.offset + length);
    scanner.advance(length + 1);
    labels ??= [];
    labels.push({ name, span: scanner.spanFrom(mark) });
  }
}

/** Of the label that stands here, without its colon; 0 where there is none: most statements have none. */
function labelLength(scanner: Scanner): number {
  if (!beginsLabel(scanner.peek())) return 0;
  const length = wordLength(scanner);
  return scanner.at(length) === Char.colon ? length : 0;
}

/** How many letters, digits and underscores stand here. */
export function wordLength(scanner: Scanner): number {
  let length = 0;
  for (let code = scanner.at(0); beginsLabel(code) || isDigit(code); code = scanner.at(length)) length++;
  return length;
}

const none: readonly Required<Label>[] = [];

/** A letter or an underscore. */
export const beginsLabel = (code: number): boolean => code === 0x5f || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a);

/** What names of nodes and properties consist of, by character code. */
const nameCharacters = new Set(
  Array.from("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789,._+*#?@-", (each) => each.charCodeAt(0)),
);
const isNameCharacter = Array.from({ length: 128 }, (_, code) => nameCharacters.has(code));

/** A backslash in front lets a name begin like a keyword; dtc drops it. */
export function takeName(scanner: Scanner): string | undefined {
  const start = scanner.peek() === Char.backslash ? 1 : 0;
  let length = start;
  while (isNameCharacter[scanner.at(length)]) length++;
  if (length === start) return undefined;
  const name = scanner.text.slice(scanner.offset + start, scanner.offset + length);
  scanner.advance(length);
  return name;
}

export const takeKeyword = (scanner: Scanner): Keyword | undefined =>
  scanner.peek() === Char.slash ? (scanner.take(keyword)?.[0] as Keyword | undefined) : undefined;

/** `&label`, `&{label}`, `&{/path}` or `&{label/path}` */
export function takeReference(scanner: Scanner): Reference | undefined {
  if (scanner.peek() !== Char.ampersand) return undefined;
  const match = scanner.take(reference);
  return match?.[1] ?? match?.[2];
}

export function expectReference(scanner: Scanner): Reference {
  const found = takeReference(scanner);
  if (found === undefined) throw unexpected(scanner, "a reference (&label or &{/path})");
  return found;
}

export function expect(scanner: Scanner, code: number): void {
  if (!scanner.eat(code)) throw unexpected(scanner, `"${String.fromCharCode(code)}"`);
}

/** What stands here cannot. */
export function unexpected(scanner: Scanner, expected: string): StatementFault {
  const code = scanner.peek();
  if (code === END) return new StatementFault("syntax", `expected ${expected} before the end`, scanner.spanHere(0));
  const token = /[\w,.+#?@-]+|\S/uy;
  token.lastIndex = scanner.offset;
  const got = token.exec(scanner.text)?.[0] ?? "";
  const shown = got.length > 40 ? `${got.slice(0, 40)}…` : got;
  const message = `expected ${expected}, got "${shown}"${hintAt(scanner)}`;
  return new StatementFault("syntax", message, scanner.spanHere(got.length));
}

const directive = /[ \t]*#[ \t]*(?:define|undef|if|ifdef|ifndef|elif|else|endif)(?![\w,.+?#@-])(?![ \t]*[=;])/y;

/** For the end of a message, where this line is one that the preprocessor takes out; in a node, it reads like a property. */
export function hintAt({ text, offset }: Scanner): string {
  directive.lastIndex = text.lastIndexOf("\n", offset - 1) + 1;
  return directive.test(text) ? "; this line is for the C preprocessor: --cpp, in the library preprocess" : "";
}
