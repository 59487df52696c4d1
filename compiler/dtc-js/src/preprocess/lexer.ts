import { Kind, type Token } from "./token.ts";

const BLANK = 1;
const LETTER = 2;
const DIGIT = 4;
const QUOTE = 8;
const OTHER = 16;
const LINE_END = 32;

/** What a character is, by its code; above 127 nothing of a name. */
const classes = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (character === "\n") return LINE_END;
  if (/[ \t\v\f\r\0]/.test(character)) return BLANK;
  if (/[a-zA-Z_]/.test(character)) return LETTER;
  if (/[0-9]/.test(character)) return DIGIT;
  return character === '"' || character === "'" ? QUOTE : OTHER;
});

const classOf = (text: string, at: number): number => classes[text.charCodeAt(at)] ?? OTHER;

export const isBlank = (text: string, at: number): boolean => classOf(text, at) === BLANK;
export const beginsName = (text: string, at: number): boolean => classOf(text, at) === LETTER;
export const beginsQuoted = (text: string, at: number): boolean => classOf(text, at) === QUOTE;

/** Whether a number begins here: a digit, or a full stop with a digit behind it. */
export const beginsNumber = (text: string, at: number): boolean =>
  classOf(text, at) === DIGIT || (text.charCodeAt(at) === 0x2e && classOf(text, at + 1) === DIGIT);

export function endOfName(text: string, at: number): number {
  let end = at + 1;
  while ((classOf(text, end) & (LETTER | DIGIT)) !== 0) end++;
  return end;
}

/** A preprocessing number: letters, digits, full stops, and signs behind an exponent's letter. */
export function endOfNumber(text: string, at: number): number {
  let end = at + 1;
  for (; ; end++) {
    const code = text.charCodeAt(end);
    if ((classOf(text, end) & (LETTER | DIGIT)) !== 0 || code === 0x2e) continue;
    const before = text.charCodeAt(end - 1) | 0x20;
    if ((code === 0x2b || code === 0x2d) && (before === 0x65 || before === 0x70)) continue;
    return end;
  }
}

/** Behind the closing quote of the string or character constant that begins here; -1 where its line has none. */
function closedEnd(text: string, at: number): number {
  const quote = text.charCodeAt(at);
  for (let end = at + 1; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code === quote) return end + 1;
    if (code === 0x0a) return -1;
    if (code === 0x5c && text.charCodeAt(end + 1) !== 0x0a) end++;
  }
  return -1;
}

/** Behind a string. As in assembler sources, a quote that nothing closes takes all of its line: `don't`. */
export function endOfQuoted(text: string, at: number): number {
  const end = closedEnd(text, at);
  return end < 0 ? endOfLine(text, at) : end;
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}

/** Whether a comment begins here. */
export function beginsComment(text: string, at: number): boolean {
  const next = text.charCodeAt(at + 1);
  return text.charCodeAt(at) === 0x2f && (next === 0x2f || next === 0x2a);
}

/** Behind a comment that begins here; a line comment ends in front of its newline. Minus one: it has no end. */
export function endOfComment(text: string, at: number): number {
  if (text.charCodeAt(at + 1) === 0x2f) {
    return endOfLine(text, at);
  }
  const end = text.indexOf("*/", at + 2);
  return end < 0 ? -1 : end + 2;
}

const punctuators = /\.\.\.|<<=|>>=|<<|>>|->|\+\+|--|&&|\|\||##|[-+*/%&|^!=<>]=/y;

/** What is neither name, number nor string: an operator, or one character. */
export function endOfOther(text: string, at: number): number {
  punctuators.lastIndex = at;
  if (punctuators.test(text)) return punctuators.lastIndex;
  return at + ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);
}

/** The token that begins here; no blank, comment or newline does. */
export function tokenAt(text: string, at: number, space: boolean): Token {
  let kind: Token["kind"] = Kind.other;
  let end: number;
  if (beginsName(text, at)) {
    kind = Kind.name;
    end = endOfName(text, at);
  } else if (beginsNumber(text, at)) {
    kind = Kind.number;
    end = endOfNumber(text, at);
  } else if (beginsQuoted(text, at)) {
    end = closedEnd(text, at);
    if (end < 0) end = endOfLine(text, at);
    else kind = Kind.quoted;
  } else end = endOfOther(text, at);
  return { kind, text: text.slice(at, end), space, at };
}

/** The tokens of a text that is one line without comments. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0, space = false; at < text.length;) {
    if ((classOf(text, at) & (BLANK | LINE_END)) !== 0) {
      space = true;
      at++;
      continue;
    }
    const token = tokenAt(text, at, space);
    tokens.push(token);
    at += token.text.length;
    space = false;
  }
  return tokens;
}
