import { MAX_PRINTED } from "../limits.ts";

/** The tree is too large to be one string of source text. */
export class PrintError extends Error {
  override readonly name = "PrintError";
  readonly code = "too-long";

  constructor() {
    super(`the tree makes more than ${MAX_PRINTED} characters of source text`);
  }
}

/** The lines that were printed, and room for more. */
export class Output {
  #text = "";

  line(text: string): void {
    this.expect(text.length + 1);
    this.#text += `${text}\n`;
  }

  /** Refuses what is sure to become too long, before it is built. */
  expect(atLeast: number): void {
    if (this.#text.length + atLeast > MAX_PRINTED) throw new PrintError();
  }

  finish(): string {
    return this.#text;
  }
}
