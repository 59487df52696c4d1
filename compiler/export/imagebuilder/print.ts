/** `NAME[index]="value"`. */
export interface Variable {
  readonly name: string;
  /** None for a plain variable, two for `NAME[i,j]`. */
  readonly index: readonly number[];
  /** Any text without NUL, which no shell can hold. */
  readonly value: string;
}

/** Assignments that bash runs as they are meant, whatever the values; a blank line between two paragraphs. */
export function printVariables(paragraphs: readonly (readonly Variable[])[]): string {
  const declared = new Set<string>();
  const lines = (variable: Variable): readonly string[] => {
    const { name, index, value } = variable;
    const line = `${name}${index.length === 0 ? "" : `[${index.join(",")}]`}=${quoted(value)}`;
    if (index.length < 2 || declared.has(name)) return [line];
    declared.add(name);
    // bash reckons with the index of any other array: [0,1] would be [1].
    return [`declare -A ${name}`, line];
  };
  return paragraphs
    .filter(({ length }) => length > 0)
    .map((paragraph) => `${paragraph.flatMap(lines).join("\n")}\n`)
    .join("\n");
}

/** Numbers bare, text between the quotes that people use, unless something in it stands for more than itself there. */
function quoted(value: string): string {
  if (/^\d+$/.test(value)) return value;
  return /["$`\\]/.test(value) ? `'${value.replaceAll("'", String.raw`'\''`)}'` : `"${value}"`;
}
