/** A line with a directive that decides what of a text is read, or reads something else. */
const directive =
  /^[ \t]*#[ \t]*(if|ifdef|ifndef|elif|elifdef|elifndef|else|endif|include|import|define|undef|line)\b/gm;

/** The conditionals of a text that is to be preprocessed. */
export interface Branches {
  /** The branch that an offset is in, by the place where it begins; zero for none. */
  readonly at: (offset: number) => number;
  /** Whether there is no directive in a stretch. */
  readonly none: (start: number, end: number) => boolean;
}

/** Which lines are directives is told by how they begin; in a comment, that leads to less tidy changes, not to wrong ones. */
export function branchesOf(text: string): Branches {
  const places: number[] = [];
  const branches: number[] = [];
  const open: number[] = [];
  for (const { index, 1: name = "" } of text.matchAll(directive)) {
    const inside = index + 1;
    if (name.startsWith("if")) open.push(inside);
    else if (name.startsWith("el")) open.splice(-1, 1, inside);
    else if (name === "endif") open.pop();
    places.push(index);
    branches.push(open.at(-1) ?? 0);
  }
  /** How many directives begin before an offset. */
  const before = (offset: number): number => {
    let low = 0;
    let high = places.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((places[middle] ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return { at: (offset) => branches[before(offset) - 1] ?? 0, none: (start, end) => before(start) === before(end) };
}
