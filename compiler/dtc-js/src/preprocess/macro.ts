import { isPunctuator, Kind, type Token } from "./token.ts";
import type { Frame } from "./frame.ts";

/** A part of what a macro stands for. */
export interface Part {
  readonly token: Token;
  /** Index of the parameter that is put here. */
  readonly parameter?: number;
  /** `#parameter` */
  readonly quoted?: true;
  /** `##` follows. */
  readonly pasted?: true;
}

export interface Macro {
  readonly name: string;
  /** Absent where it takes no arguments. */
  readonly parameters?: readonly string[];
  /** The last parameter takes all that is left. */
  readonly variadic: boolean;
  readonly parts: readonly Part[];
  /** Absent where no source defines it. */
  readonly place?: { readonly frame: Frame; readonly start: number; readonly end: number };
}

/** What is wrong with a definition, and with which of its tokens; without one, with the whole. */
export class DefinitionError extends Error {
  readonly token: Token | undefined;
  constructor(message: string, token?: Token) {
    super(message);
    this.token = token;
  }
}

/** Reads what follows `#define`. Throws a `DefinitionError`. */
export function readMacro(tokens: readonly Token[], place?: Macro["place"]): Macro {
  const [name, next] = tokens;
  if (!name) throw new DefinitionError("no macro name given in #define directive");
  checkName(name);
  const base = { name: name.text, ...(place && { place }) };
  if (!isPunctuator(next, "(") || next?.space) {
    return { ...base, variadic: false, parts: partsOf(tokens.slice(1), undefined) };
  }
  const { parameters, variadic, body } = readParameters(tokens.slice(2));
  return { ...base, parameters, variadic, parts: partsOf(body, parameters) };
}

/** Throws a `DefinitionError` where this is no name that can be defined. */
export function checkName(name: Token): void {
  if (name.kind !== Kind.name) throw new DefinitionError("macro names must be identifiers", name);
  if (name.text === "defined") throw new DefinitionError('"defined" cannot be used as a macro name', name);
}

const VARIADIC = "__VA_ARGS__";

function readParameters(tokens: readonly Token[]): {
  readonly parameters: readonly string[];
  readonly variadic: boolean;
  readonly body: readonly Token[];
} {
  const parameters: string[] = [];
  const seen = new Set<string>();
  if (isPunctuator(tokens[0], ")")) return { parameters, variadic: false, body: tokens.slice(1) };
  for (let index = 0; ;) {
    const token = tokens[index++];
    let variadic = false;
    if (isPunctuator(token, "...")) {
      parameters.push(VARIADIC);
      variadic = true;
    } else {
      if (token?.kind !== Kind.name) throw new DefinitionError("expected the name of a parameter", token);
      if (seen.has(token.text)) throw new DefinitionError(`duplicate macro parameter "${token.text}"`, token);
      seen.add(token.text);
      parameters.push(token.text);
      if (isPunctuator(tokens[index], "...")) {
        variadic = true;
        index++;
      }
    }
    const end = tokens[index++];
    if (isPunctuator(end, ")")) return { parameters, variadic, body: tokens.slice(index) };
    if (variadic || !isPunctuator(end, ",")) {
      throw new DefinitionError(variadic ? 'expected ")" behind "..."' : 'expected "," or ")"', end);
    }
  }
}

function partsOf(body: readonly Token[], parameters: readonly string[] | undefined): readonly Part[] {
  const indexes = new Map((parameters ?? []).map((name, index) => [name, index]));
  const parts: Part[] = [];
  body.forEach((token, index) => {
    if (isPunctuator(token, "##")) {
      const last = parts.pop();
      if (!last || index === body.length - 1) {
        throw new DefinitionError('"##" cannot stand at either end of a macro', token);
      }
      parts.push({ ...last, pasted: true });
      return;
    }
    const parameter = token.kind === Kind.name ? indexes.get(token.text) : undefined;
    const last = parts.at(-1);
    // In assembler sources, and device trees, a "#" in front of anything else is itself: #address-cells.
    if (parameter !== undefined && last && isPunctuator(last.token, "#")) {
      parts.pop();
      parts.push({ token: { ...token, space: last.token.space }, parameter, quoted: true });
    } else parts.push(parameter === undefined ? { token } : { token, parameter });
  });
  const [first, ...rest] = parts;
  return first ? [{ ...first, token: { ...first.token, space: false } }, ...rest] : [];
}

/** Whether a second definition says the same (C11 6.10.3.2): then it may be repeated. */
export function sameMacro(a: Macro, b: Macro): boolean {
  return (
    a.variadic === b.variadic &&
    a.parameters?.join() === b.parameters?.join() &&
    a.parts.length === b.parts.length &&
    a.parts.every((part, index) => {
      const other = b.parts[index];
      return (
        other !== undefined &&
        part.token.text === other.token.text &&
        part.token.space === other.token.space &&
        part.quoted === other.quoted &&
        part.pasted === other.pasted
      );
    })
  );
}
