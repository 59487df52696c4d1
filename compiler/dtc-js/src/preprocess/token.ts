/** Kinds of preprocessing tokens, as far as macros tell them apart. */
export const Kind = {
  name: 0,
  /** What begins like a number: `1`, `0x1f`, and also `1e+x`. */
  number: 1,
  /** A string or a character constant, with its quotes. */
  quoted: 2,
  other: 3,
  /** Nothing: an edge of a macro or an argument. It says how far what follows stands from what is before. */
  edge: 4,
} as const;

export interface Token {
  readonly kind: (typeof Kind)[keyof typeof Kind];
  readonly text: string;
  /** White space or a comment stands in front. Undefined for an edge that leaves that to what follows. */
  readonly space: boolean | undefined;
  /** Where it begins in the spliced text that it was read from. */
  readonly at: number;
  /** The name of a macro that is not expanded any more, wherever it gets to (C11 6.10.3.4). */
  readonly painted?: true;
}

/** An edge in front of what takes a token's place: it stands where that stood. */
export const edgeOf = ({ space, at }: Token): Token => ({ kind: Kind.edge, text: "", space, at });

/** An edge behind an argument or a macro. */
export const freeEdge: Token = { kind: Kind.edge, text: "", space: undefined, at: 0 };

export const isPunctuator = (token: Token | undefined, text: string): boolean =>
  token?.kind === Kind.other && token.text === text;

/** Goes through tokens that edges stand between, and says of each what is in front of it. */
export class Gap {
  #space: boolean | undefined;
  #edges = false;

  /** An edge is noted, and gives undefined; for a token: whether space is in front, and whether an edge is. */
  before(token: Token): { readonly space: boolean; readonly edge: boolean } | undefined {
    if (token.kind === Kind.edge) {
      this.#edges = true;
      if (this.#space === undefined || (!this.#space && token.space === undefined)) this.#space = token.space;
      return undefined;
    }
    const found = { space: this.#space ?? token.space ?? false, edge: this.#edges };
    this.#space = undefined;
    this.#edges = false;
    return found;
  }

  /** Behind the last token: whether there is space. */
  get trailing(): boolean {
    return this.#space === true;
  }
}
