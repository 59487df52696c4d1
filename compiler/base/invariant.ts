/** A mistake of ours, never of the user's: the command line turns it into "xenimg bug: expected …" and exit 70. */
export class InvariantError extends Error {
  override readonly name = "InvariantError";
}

export function invariant(condition: unknown, expected: string): asserts condition {
  if (!condition) throw new InvariantError(`expected ${expected}`);
}
