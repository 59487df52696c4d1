import { Kind, isPunctuator, type Token } from "./token.ts";

/** Why an expression has no value, and at which token. */
export class ConditionError extends Error {
  readonly token: Token | undefined;
  constructor(message: string, token?: Token) {
    super(message);
    this.token = token;
  }
}

/** How deep parentheses and signs may nest, as in the expressions of device trees. */
const MAX_DEPTH = 200;

interface Value {
  readonly value: bigint;
  readonly unsigned: boolean;
}

const int = (value: bigint, unsigned = false): Value => ({
  value: unsigned ? BigInt.asUintN(64, value) : BigInt.asIntN(64, value),
  unsigned,
});
const truth = (is: boolean): Value => int(is ? 1n : 0n);

const precedence: Readonly<Record<string, number>> = {
  "||": 1,
  "&&": 2,
  "|": 3,
  "^": 4,
  "&": 5,
  "==": 6,
  "!=": 6,
  "<": 7,
  ">": 7,
  "<=": 7,
  ">=": 7,
  "<<": 8,
  ">>": 8,
  "+": 9,
  "-": 9,
  "*": 10,
  "/": 10,
  "%": 10,
};

/** Whether the expression of an `#if` holds; all macros are expanded, `defined` is done. Throws `ConditionError`. */
export function evaluate(tokens: readonly Token[]): boolean {
  const reader = new ConditionReader(tokens);
  return reader.whole();
}

/** Integers of 64 bits, as C's preprocessor has them (C11 6.10.1). */
class ConditionReader {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;
  /** In what is not evaluated, divisions by zero do not matter. */
  #skipping = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): boolean {
    const { value } = this.#comma();
    const rest = this.#tokens[this.#at];
    if (rest) throw new ConditionError(`missing operator before "${shown(rest)}"`, rest);
    return value !== 0n;
  }

  /** Of values with commas between them, the last: cpp takes them everywhere, C11 only where nothing is evaluated. */
  #comma(): Value {
    let value = this.#conditional();
    while (this.#eat(",")) value = this.#conditional();
    return value;
  }

  #deeper<T>(read: () => T): T {
    if (++this.#depth > MAX_DEPTH) {
      throw new ConditionError(`the expression nests deeper than ${MAX_DEPTH} levels`, this.#tokens[this.#at]);
    }
    const result = read();
    this.#depth--;
    return result;
  }

  #maybe<T>(evaluated: boolean, read: () => T): T {
    if (!evaluated) this.#skipping++;
    const result = read();
    if (!evaluated) this.#skipping--;
    return result;
  }

  #conditional(): Value {
    const condition = this.#binary(1);
    if (!this.#eat("?")) return condition;
    const holds = condition.value !== 0n;
    const yes = this.#deeper(() => this.#maybe(holds, () => this.#comma()));
    if (!this.#eat(":")) throw new ConditionError('expected ":" behind "?"', this.#tokens[this.#at]);
    const no = this.#deeper(() => this.#maybe(!holds, () => this.#conditional()));
    return int((holds ? yes : no).value, yes.unsigned || no.unsigned);
  }

  #binary(least: number): Value {
    let left = this.#unary();
    for (;;) {
      const operator = this.#tokens[this.#at];
      const level =
        operator?.kind === Kind.other ? (Object.hasOwn(precedence, operator.text) ? precedence[operator.text] : 0) : 0;
      if (!operator || !level || level < least) return left;
      this.#at++;
      const { text } = operator;
      if (text === "&&" || text === "||") {
        const decided = (left.value !== 0n) === (text === "||");
        const right = this.#maybe(!decided, () => this.#binary(level + 1));
        left = truth(decided ? text === "||" : right.value !== 0n);
      } else left = this.#apply(operator, left, this.#binary(level + 1));
    }
  }

  #unary(): Value {
    const token = this.#tokens[this.#at++];
    if (!token) throw new ConditionError("the expression ends too early", this.#tokens.at(-1));
    if (token.kind === Kind.number) return integer(token);
    if (token.kind === Kind.name) return int(0n);
    if (token.kind === Kind.quoted && token.text.startsWith("'")) return int(character(token));
    switch (token.text) {
      case "(": {
        const inner = this.#deeper(() => this.#comma());
        if (!this.#eat(")")) throw new ConditionError('missing ")" in expression', this.#tokens[this.#at] ?? token);
        return inner;
      }
      case "+":
        return this.#deeper(() => this.#unary());
      case "-": {
        const { value, unsigned } = this.#deeper(() => this.#unary());
        return int(-value, unsigned);
      }
      case "~": {
        const { value, unsigned } = this.#deeper(() => this.#unary());
        return int(~value, unsigned);
      }
      case "!":
        return truth(this.#deeper(() => this.#unary()).value === 0n);
      default:
        throw new ConditionError(`"${shown(token)}" cannot stand in an expression`, token);
    }
  }

  #eat(text: string): boolean {
    if (!isPunctuator(this.#tokens[this.#at], text)) return false;
    this.#at++;
    return true;
  }

  #apply(operator: Token, left: Value, right: Value): Value {
    const unsigned = left.unsigned || right.unsigned;
    const [a, b] = [int(left.value, unsigned).value, int(right.value, unsigned).value];
    switch (operator.text) {
      case "|":
        return int(a | b, unsigned);
      case "^":
        return int(a ^ b, unsigned);
      case "&":
        return int(a & b, unsigned);
      case "==":
        return truth(a === b);
      case "!=":
        return truth(a !== b);
      case "<":
        return truth(a < b);
      case ">":
        return truth(a > b);
      case "<=":
        return truth(a <= b);
      case ">=":
        return truth(a >= b);
      case "<<":
        return shifted(left, right.value);
      case ">>":
        return shifted(left, -right.value);
      case "+":
        return int(a + b, unsigned);
      case "-":
        return int(a - b, unsigned);
      case "*":
        return int(a * b, unsigned);
      default:
        return this.#divide(operator, a, b, unsigned);
    }
  }

  #divide(operator: Token, a: bigint, b: bigint, unsigned: boolean): Value {
    if (b === 0n) {
      if (this.#skipping === 0) throw new ConditionError("division by zero in #if", operator);
      return int(0n, unsigned);
    }
    return int(operator.text === "/" ? a / b : a % b, unsigned);
  }
}

/** To the left, or to the right where negative; from 64 bits on, all are shifted out. */
function shifted({ value, unsigned }: Value, by: bigint): Value {
  if (by >= 64n) return int(0n, unsigned);
  if (by <= -64n) return int(value < 0n ? -1n : 0n, unsigned);
  return int(by >= 0n ? value << by : value >> -by, unsigned);
}

const shown = ({ text }: Token): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

const literal = /^(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|(0[0-7]*)|([1-9][0-9]*))([uU]?(?:[lL]|ll|LL)?[uU]?)$/;

function integer(token: Token): Value {
  const match = literal.exec(token.text);
  const [, hex, binary, octal, decimal, suffix = ""] = match ?? [];
  if (!match || /u.*u/i.test(suffix)) {
    throw new ConditionError(`"${shown(token)}" is no integer`, token);
  }
  // 64 bits have 64 digits at most, whatever the base; this also bounds the conversion.
  const digits = (hex ?? binary ?? octal ?? decimal ?? "0").replace(/^0+(?=.)/, "");
  const prefix = hex !== undefined ? "0x" : binary !== undefined ? "0b" : octal !== undefined ? "0o" : "";
  const value = digits.length > 64 ? 2n ** 64n : BigInt(prefix + digits);
  if (value >= 2n ** 64n) throw new ConditionError(`"${shown(token)}" does not fit in 64 bits`, token);
  return int(value, /u/i.test(suffix) || value >= 2n ** 63n);
}

const escapes: Readonly<Record<string, bigint>> = { a: 7n, b: 8n, t: 9n, n: 10n, v: 11n, f: 12n, r: 13n, e: 27n };

/** `'a'`, of one character; signed, as characters are on the machines that build device trees. */
function character(token: Token): bigint {
  const [, octal, hex, escaped, plain] =
    /^'(?:\\([0-7]{1,3})|\\x([0-9a-fA-F]{1,2})|\\([^])|([^\\]))'$/u.exec(token.text) ?? [];
  if (octal !== undefined) return BigInt.asIntN(8, BigInt(`0o${octal}`));
  if (hex !== undefined) return BigInt.asIntN(8, BigInt(`0x${hex}`));
  if (escaped !== undefined)
    return (Object.hasOwn(escapes, escaped) ? escapes[escaped] : undefined) ?? BigInt(escaped.codePointAt(0) ?? 0);
  if (plain !== undefined)
    return BigInt.asIntN(plain.length > 1 || plain > "\x7f" ? 32 : 8, BigInt(plain.codePointAt(0) ?? 0));
  throw new ConditionError(`"${shown(token)}" is not one character`, token);
}
