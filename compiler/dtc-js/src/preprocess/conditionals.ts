import { checkName, DefinitionError } from "./macro.ts";
import { ConditionError, evaluate } from "./condition.ts";
import { ExpansionError } from "./expand.ts";
import type { Line, Reading } from "./reading.ts";
import type { Token } from "./token.ts";

interface Group {
  readonly line: Line;
  /** What stands around it is skipped: so is all of it. */
  readonly outer: boolean;
  /** One of its parts has been read; the others are not. */
  done: boolean;
  skipping: boolean;
  hasElse: boolean;
}

/** Which `#if`s of a file are open, and whether what stands here counts. */
export class Conditionals {
  readonly #reader: Reading;
  readonly #groups: Group[] = [];

  constructor(reader: Reading) {
    this.#reader = reader;
  }

  get skipping(): boolean {
    return this.#groups.at(-1)?.skipping ?? false;
  }

  /** `#if`, `#ifdef`, `#ifndef` */
  open(line: Line): number {
    const outer = this.skipping;
    const { tokens, end } = this.#reader.tokens(line.rest);
    const holds = !outer && this.#holds(line, tokens, end);
    this.#groups.push({ line, outer, done: holds, skipping: !holds, hasElse: false });
    return end;
  }

  /** `#elif`, `#elifdef`, `#elifndef` */
  elif(line: Line): number {
    const { tokens, end } = this.#reader.tokens(line.rest);
    const group = this.#groups.at(-1);
    if (!group) this.#misplaced(line, "without #if");
    else if (group.hasElse) this.#misplaced(line, "behind #else");
    else {
      // As in C, what is not needed is not even looked at.
      group.skipping = group.outer || group.done || !this.#holds(line, tokens, end);
      group.done ||= !group.skipping;
    }
    return end;
  }

  else(line: Line): number {
    const { tokens, end } = this.#reader.tokens(line.rest);
    const group = this.#groups.at(-1);
    if (!group) this.#misplaced(line, "without #if");
    else if (group.hasElse) this.#misplaced(line, "behind #else");
    else {
      group.skipping = group.outer || group.done;
      group.done = true;
      group.hasElse = true;
      if (!group.outer) this.#extra(line, tokens[0]);
    }
    return end;
  }

  endif(line: Line): number {
    const { tokens, end } = this.#reader.tokens(line.rest);
    const group = this.#groups.pop();
    if (!group) this.#misplaced(line, "without #if");
    else if (!group.outer) this.#extra(line, tokens[0]);
    return end;
  }

  /** At the end of the file nothing may be open. */
  finish(): void {
    for (const { line } of this.#groups) {
      this.#reader.run.report("directive", `unterminated #${line.name}`, this.#reader.place(line.start, line.rest));
    }
  }

  #misplaced({ name, start, rest }: Line, why: string): void {
    this.#reader.run.report("directive", `#${name} ${why}`, this.#reader.place(start, rest));
  }

  #extra({ name }: Line, token: Token | undefined): void {
    if (!token) return;
    const place = this.#reader.place(token.at, token.at + token.text.length);
    this.#reader.run.report("directive", `extra tokens at the end of #${name}`, place, { severity: "warning" });
  }

  #holds(line: Line, tokens: readonly Token[], end: number): boolean {
    try {
      return line.name === "if" || line.name === "elif" ? this.#value(line, tokens) : this.#isDefined(line, tokens);
    } catch (fault) {
      const { run } = this.#reader;
      const whole = this.#reader.place(tokens[0]?.at ?? line.start, end - 1);
      if (fault instanceof ExpansionError) this.#reader.complain(fault, whole);
      else if (fault instanceof ConditionError || fault instanceof DefinitionError) {
        const { token } = fault;
        // A token may come from a macro, from wherever that is defined.
        const own = token && tokens.find(({ at, text }) => at === token.at && text === token.text);
        const place = own ? this.#reader.place(own.at, own.at + own.text.length) : whole;
        run.report(fault instanceof ConditionError ? "expression" : "directive", fault.message, place);
      } else throw fault;
      return false;
    }
  }

  #value(line: Line, tokens: readonly Token[]): boolean {
    if (tokens.length === 0) throw new ConditionError(`#${line.name} with no expression`);
    return evaluate(this.#reader.run.lines.condition(tokens));
  }

  #isDefined(line: Line, tokens: readonly Token[]): boolean {
    const [name, extra] = tokens;
    if (!name) throw new DefinitionError(`no macro name given in #${line.name} directive`);
    checkName(name);
    this.#extra(line, extra);
    const defined = this.#reader.run.find(name.text) !== undefined;
    return line.name.endsWith("ndef") ? !defined : defined;
  }
}
