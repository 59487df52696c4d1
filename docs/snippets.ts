/** A piece of a page that somebody copies and runs. */
export interface Snippet {
  /** The heading that it is under. */
  readonly section: string;
  /** Its first line, from 1. */
  readonly line: number;
  readonly text: string;
}

/** Code in fences of that language. */
export function fenced(page: string, language: string): readonly Snippet[] {
  const found: Snippet[] = [];
  let open: { readonly line: number; readonly language: string; readonly text: string[] } | undefined;
  for (const { text, line, section } of linesOf(page)) {
    const [, fence] = /^```(\w*)$/.exec(text) ?? [];
    if (fence === undefined) open?.text.push(text);
    else if (open === undefined) open = { line: line + 1, language: fence, text: [] };
    else {
      if (open.language === language) found.push({ section, line: open.line, text: `${open.text.join("\n")}\n` });
      open = undefined;
    }
  }
  return found;
}

/** Command lines of `xenimg` in indented blocks, without what the shell takes for itself. */
export function commandLines(page: string): readonly Snippet[] {
  const lines = [...linesOf(page)];
  return lines.flatMap(({ text, line, section }, index) => {
    if (!/^ {4}xenimg [a-z]/.test(text)) return [];
    const rest = lines.slice(index).map((each) => each.text);
    const length = rest.findIndex((each) => !each.endsWith("\\")) + 1;
    const joined = rest.slice(0, length).map((each) => each.replace(/\\$/, "").trim());
    return [{ section, line, text: joined.join(" ").replace(/ +# .*$/, "") }];
  });
}

/** Command lines of `xenimg` within the text. */
export const inlineCommands = (page: string): readonly Snippet[] =>
  [...linesOf(page)].flatMap(({ text, line, section }) =>
    [...text.matchAll(/`(xenimg [a-z][^`|]*)/g)].map(([, command = ""]) => ({ section, line, text: command.trim() })),
  );

/** As a shell splits a line that has words and quotes alone. */
export const wordsOf = (line: string): readonly string[] =>
  [...line.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) => word.replaceAll(/['"]/g, ""));

function* linesOf(page: string): Generator<Snippet> {
  let section = "";
  let isCode = false;
  for (const [index, text] of page.split("\n").entries()) {
    if (text.startsWith("```")) isCode = !isCode;
    const [, heading] = /^#+ (.*)$/.exec(text) ?? [];
    if (heading !== undefined && !isCode) section = heading;
    yield { section, line: index + 1, text };
  }
}
