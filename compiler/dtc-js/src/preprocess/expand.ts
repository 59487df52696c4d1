import { MAX_EXPANSION, MAX_MACRO_DEPTH, MAX_PREPROCESSED } from "../limits.ts";
import type { Macro } from "./macro.ts";
import { substitute, type Argument } from "./substitute.ts";
import { edgeOf, freeEdge, isPunctuator, Kind, type Token } from "./token.ts";

/** What follows the name of a macro in the source. */
export interface Following {
  /** Whether the next token is an opening parenthesis, on whichever line. */
  readonly opens: () => boolean;
  /** The next token; undefined at the end of the file. */
  readonly take: () => Token | undefined;
}

/** What went wrong while a macro was expanded. */
export class ExpansionError extends Error {
  readonly macro: Macro | undefined;
  readonly kind: "macro" | "unsupported";
  /** Behind it nothing can be read: the arguments have no end, or a limit is reached. */
  readonly fatal: boolean;
  constructor(message: string, macro?: Macro, kind: ExpansionError["kind"] = "macro", fatal = kind === "unsupported") {
    super(message);
    this.macro = macro;
    this.kind = kind;
    this.fatal = fatal;
  }
}

/** A list that is being read. Its macro is not expanded again before the list has been left. */
interface Context {
  readonly tokens: readonly Token[];
  at: number;
  readonly macro?: Macro;
  /** Reading ends here: nothing below belongs to it. */
  readonly closed?: true;
}

/** Edges in front of an argument are no part of it. */
function add(list: Token[] | undefined, token: Token): void {
  if (list && (list.length > 0 || token.kind !== Kind.edge)) list.push(token);
}

const nothing: Following = { opens: () => false, take: () => undefined };

/**
 * Expands macros (C11 6.10.3.1 to 6.10.3.4). Where the standard leaves open whether a name is expanded again, a macro's
 * list counts as left as soon as a token behind it is looked at, as in GNU's.
 */
export class Expander {
  readonly #find: (name: string) => Macro | undefined;
  readonly #contexts: Context[] = [];
  readonly #disabled = new Set<Macro>();
  #following = nothing;
  #spent = 0;
  /** Characters that this use has given: one token may be as long as its source. */
  #length = 0;
  #depth = 0;
  #inCondition = false;

  constructor(find: (name: string) => Macro | undefined) {
    this.#find = find;
  }

  /** What a macro's use becomes; undefined where it needs arguments and no parenthesis follows. */
  use(macro: Macro, name: Token, following: Following): readonly Token[] | undefined {
    this.#reset(following);
    if (!this.#enter(macro)) return undefined;
    const tokens: Token[] = [edgeOf(name)];
    for (let token = this.#next(); token; token = this.#next()) tokens.push(token);
    return tokens;
  }

  /** A line's tokens with all macros expanded. */
  line(tokens: readonly Token[]): readonly Token[] {
    this.#reset(nothing);
    return this.#expanded(tokens).filter(({ kind }) => kind !== Kind.edge);
  }

  /** The tokens of an `#if`: macros expanded, and `defined NAME` a number. */
  condition(tokens: readonly Token[]): readonly Token[] {
    this.#reset(nothing);
    this.#inCondition = true;
    return this.#expanded(tokens).filter(({ kind }) => kind !== Kind.edge);
  }

  #reset(following: Following): void {
    this.#contexts.length = 0;
    this.#disabled.clear();
    this.#following = following;
    this.#depth = 0;
    this.#length = 0;
    this.#inCondition = false;
  }

  #expanded(tokens: readonly Token[]): readonly Token[] {
    if (++this.#depth > MAX_MACRO_DEPTH) {
      throw new ExpansionError(`macros nest deeper than ${MAX_MACRO_DEPTH} levels`, undefined, "unsupported");
    }
    const height = this.#contexts.length;
    this.#contexts.push({ tokens, at: 0, closed: true });
    const result: Token[] = [];
    for (let token = this.#next(); token; token = this.#next()) result.push(token);
    this.#contexts.length = height;
    this.#depth--;
    return result;
  }

  #spend(count: number): void {
    this.#spent += count;
    if (this.#spent > MAX_EXPANSION) {
      throw new ExpansionError(`macros expand to more than ${MAX_EXPANSION} tokens`, undefined, "unsupported");
    }
  }

  #lengthen({ text }: Token): void {
    this.#length += text.length;
    if (this.#length > MAX_PREPROCESSED) {
      const message = `a macro expands to more than ${MAX_PREPROCESSED} characters`;
      throw new ExpansionError(message, undefined, "unsupported");
    }
  }

  /** Leaves the innermost list, which has been read to its end; its macro may be expanded again. */
  #leave({ macro }: Context): void {
    this.#contexts.pop();
    if (macro) this.#disabled.delete(macro);
  }

  /** The next token that is not expanded any further, or an edge. */
  #next(): Token | undefined {
    for (;;) {
      const context = this.#contexts.at(-1);
      if (!context) return undefined;
      const token = context.tokens[context.at++];
      if (!token) {
        if (context.closed) return undefined;
        this.#leave(context);
        return freeEdge;
      }
      this.#spend(1);
      this.#lengthen(token);
      if (token.kind !== Kind.name || token.painted) return token;
      if (this.#inCondition && token.text === "defined") return this.#defined(token);
      const macro = this.#find(token.text);
      if (!macro) return token;
      if (this.#disabled.has(macro)) return { ...token, painted: true };
      return this.#enter(macro) ? edgeOf(token) : token;
    }
  }

  /** `defined NAME` or `defined(NAME)`, also where a macro says it. */
  #defined(at: Token): Token {
    const first = this.#takeToken();
    const inside = isPunctuator(first, "(");
    const name = inside ? this.#takeToken() : first;
    if (name?.kind !== Kind.name || (inside && !isPunctuator(this.#takeToken(), ")"))) {
      throw new ExpansionError('"defined" needs the name of a macro', undefined);
    }
    return { kind: Kind.number, text: this.#find(name.text) ? "1" : "0", space: at.space, at: at.at };
  }

  #enter(macro: Macro): boolean {
    const args = macro.parameters && (this.#opens() ? this.#arguments(macro, macro.parameters.length) : undefined);
    if (macro.parameters && !args) return false;
    const tokens = substitute(macro, args ?? [], (count) => {
      this.#spend(count);
    });
    this.#contexts.push({ tokens, at: 0, macro });
    this.#disabled.add(macro);
    return true;
  }

  /** Whether an opening parenthesis is next. The lists that end here are left for good; their edges stay. */
  #opens(): boolean {
    const edges: Token[] = [];
    const opens = this.#finds(edges);
    if (!opens && edges.length > 0) this.#contexts.push({ tokens: edges, at: 0 });
    return opens;
  }

  #finds(edges: Token[]): boolean {
    for (let context = this.#contexts.at(-1); context; context = this.#contexts.at(-1)) {
      const token = context.tokens[context.at];
      if (token && token.kind !== Kind.edge) return isPunctuator(token, "(");
      if (!token && context.closed) return false;
      edges.push(token ?? freeEdge);
      if (token) context.at++;
      else this.#leave(context);
    }
    return this.#following.opens();
  }

  /** The next token as it stands, for an argument. */
  #take(): Token | undefined {
    const context = this.#contexts.at(-1);
    const token = context ? context.tokens[context.at++] : this.#following.take();
    if (!token && context && !context.closed) {
      this.#leave(context);
      return freeEdge;
    }
    if (!token) return undefined;
    this.#spend(1);
    const macro = token.kind === Kind.name && !token.painted ? this.#find(token.text) : undefined;
    return macro && this.#disabled.has(macro) ? { ...token, painted: true } : token;
  }

  /** The next token that is no edge. */
  #takeToken(): Token | undefined {
    let token = this.#take();
    while (token?.kind === Kind.edge) token = this.#take();
    return token;
  }

  /** The arguments, from the opening parenthesis on. */
  #arguments(macro: Macro, count: number): readonly Argument[] {
    this.#takeToken();
    const lists: Token[][] = [[]];
    for (let depth = 0; ;) {
      const token = this.#take();
      if (!token) {
        throw new ExpansionError(`unterminated argument list invoking macro "${macro.name}"`, macro, "macro", true);
      }
      if (isPunctuator(token, ")") && depth-- === 0) break;
      if (isPunctuator(token, "(")) depth++;
      if (isPunctuator(token, ",") && depth === 0 && !(macro.variadic && lists.length === count)) lists.push([]);
      else add(lists.at(-1), token);
    }
    return this.#checked(macro, count, lists);
  }

  #checked(macro: Macro, count: number, lists: Token[][]): readonly Argument[] {
    const empty = lists.length === 1 && lists[0]?.length === 0;
    const given = count === 0 && empty ? 0 : lists.length;
    const omitted = macro.variadic && (given === count - 1 || (count === 1 && empty));
    if (given !== count && !omitted) {
      const message = `macro "${macro.name}" takes ${count} arguments, not ${given}`;
      throw new ExpansionError(message, macro);
    }
    return Array.from({ length: count }, (_, index): Argument => {
      const tokens = lists[index] ?? [];
      while (tokens.at(-1)?.kind === Kind.edge) tokens.pop();
      let expanded: readonly Token[] | undefined;
      return { tokens, expanded: () => (expanded ??= this.#expanded(tokens)), omitted: omitted && index === count - 1 };
    });
  }
}
