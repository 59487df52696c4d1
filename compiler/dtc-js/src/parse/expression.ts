import { Char } from "./chars.ts";
import { StatementFault } from "./fault.ts";
import { startsLiteral, takeCharacter, takeLiteral, type Integer } from "./literal.ts";
import type { Mark, Scanner } from "./scanner.ts";
import { expect, unexpected } from "./tokens.ts";

/** Parentheses, unary operators and `?:` nest no deeper; the stack stays bounded. */
const MAX_NESTING = 200;

/** Binary operators by how tightly they bind, loosest first, as in C. */
const levels: readonly RegExp[] = [
  /\|\|/y,
  /&&/y,
  /\|(?!\|)/y,
  /\^/y,
  /&(?!&)/y,
  /==|!=/y,
  /<=|>=|<(?!<)|>(?!>)/y,
  /<<|>>/y,
  /[+-]/y,
  /[*%/]/y,
];

/** All arithmetic is on unsigned 64-bit numbers, as in dtc. */
const unsigned = (value: bigint): bigint => BigInt.asUintN(64, value);
const truth = (value: boolean): bigint => (value ? 1n : 0n);

const operators: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
  "||": (a, b) => truth(a !== 0n || b !== 0n),
  "&&": (a, b) => truth(a !== 0n && b !== 0n),
  "|": (a, b) => a | b,
  "^": (a, b) => a ^ b,
  "&": (a, b) => a & b,
  "==": (a, b) => truth(a === b),
  "!=": (a, b) => truth(a !== b),
  "<=": (a, b) => truth(a <= b),
  ">=": (a, b) => truth(a >= b),
  "<": (a, b) => truth(a < b),
  ">": (a, b) => truth(a > b),
  "<<": (a, b) => (b < 64n ? unsigned(a << b) : 0n),
  ">>": (a, b) => (b < 64n ? a >> b : 0n),
  "+": (a, b) => unsigned(a + b),
  "-": (a, b) => unsigned(a - b),
  "*": (a, b) => unsigned(a * b),
  "/": (a, b) => a / b,
  "%": (a, b) => a % b,
};

/** What may stand where a number stands: a literal, a character, or an expression in parentheses. */
export function takeInteger(scanner: Scanner, depth = 0): Integer {
  if (startsLiteral(scanner)) return takeLiteral(scanner);
  const code = scanner.peek();
  if (code === Char.apostrophe) return takeCharacter(scanner);
  if (code !== Char.openParen) throw unexpected(scanner, "a number");
  scanner.advance(1);
  const value = ternary(scanner, depth + 1);
  expect(scanner, Char.closeParen);
  return value;
}

function ternary(scanner: Scanner, depth: number): bigint {
  const condition = binary(scanner, 0, depth);
  if (!scanner.eat(Char.question)) return condition;
  const whenTrue = ternary(scanner, depth + 1);
  expect(scanner, Char.colon);
  const whenFalse = ternary(scanner, depth + 1);
  return condition !== 0n ? whenTrue : whenFalse;
}

function binary(scanner: Scanner, level: number, depth: number): bigint {
  const pattern = levels[level];
  if (!pattern) return unary(scanner, depth);
  const mark = scanner.mark();
  let left = binary(scanner, level + 1, depth);
  for (let match = scanner.take(pattern); match; match = scanner.take(pattern)) {
    const right = binary(scanner, level + 1, depth);
    left = apply(match[0], left, right, scanner, mark);
  }
  return left;
}

function apply(operator: string, left: bigint, right: bigint, scanner: Scanner, mark: Mark): bigint {
  if (right === 0n && (operator === "/" || operator === "%")) {
    throw new StatementFault("expression", "Division by zero", scanner.spanFrom(mark));
  }
  return operators[operator]?.(left, right) ?? 0n;
}

function unary(scanner: Scanner, depth: number): bigint {
  if (depth > MAX_NESTING) {
    throw new StatementFault("expression", `expressions nest deeper than ${MAX_NESTING} levels`, scanner.spanHere());
  }
  const operator = scanner.take(/[-~!]/y)?.[0];
  if (operator === undefined) return BigInt(takeInteger(scanner, depth));
  const operand = unary(scanner, depth + 1);
  if (operator === "!") return truth(operand === 0n);
  return unsigned(operator === "~" ? ~operand : -operand);
}
