import { ExpansionError } from "./expand.ts";
import { placeIn } from "./frame.ts";
import { checkName, DefinitionError, readMacro, sameMacro } from "./macro.ts";
import type { Conditionals } from "./conditionals.ts";
import type { Line, Reading } from "./reading.ts";
import { isPunctuator, Kind, type Token } from "./token.ts";

interface Directive {
  /** Does what it says, and answers with the beginning of the next line. */
  readonly run: (reader: Reading & { readonly conditionals: Conditionals }, line: Line) => number;
  /** Also where everything else is skipped. */
  readonly conditional?: true;
  /** Reads another file. */
  readonly includes?: true;
}

const open: Directive = { run: (reader, line) => reader.conditionals.open(line), conditional: true };
const elif: Directive = { run: (reader, line) => reader.conditionals.elif(line), conditional: true };

export const directives: ReadonlyMap<string, Directive> = new Map<string, Directive>([
  ["", { run: (reader, line) => reader.tokens(line.rest).end }],
  ["define", { run: define }],
  ["undef", { run: undefine }],
  ["include", { run: include, includes: true }],
  ["import", { run: include, includes: true }],
  ["include_next", { run: include, includes: true }],
  ["if", open],
  ["ifdef", open],
  ["ifndef", open],
  ["elif", elif],
  ["elifdef", elif],
  ["elifndef", elif],
  ["else", { run: (reader, line) => reader.conditionals.else(line), conditional: true }],
  ["endif", { run: (reader, line) => reader.conditionals.endif(line), conditional: true }],
  ["error", { run: say }],
  ["warning", { run: say }],
  ["line", { run: renumber }],
  ["pragma", { run: pragma }],
]);

/** Reports what is wrong with a definition where it is. */
function guarded(reader: Reading, line: Line, end: number, act: () => void): void {
  try {
    act();
  } catch (fault) {
    if (!(fault instanceof DefinitionError)) throw fault;
    const { token, message } = fault;
    const place = token ? reader.place(token.at, token.at + token.text.length) : reader.place(line.start, end - 1);
    reader.run.report("macro", message, place);
  }
}

function define(reader: Reading, line: Line): number {
  const { tokens, end } = reader.tokens(line.rest);
  guarded(reader, line, end, () => {
    const [name] = tokens;
    const place = reader.place(name?.at ?? line.start, name ? name.at + name.text.length : end);
    const macro = readMacro(tokens, place);
    const known = reader.run.find(macro.name);
    if (known && !sameMacro(known, macro)) {
      const related = known.place && placeIn(known.place.frame, known.place.start, known.place.end);
      reader.run.report("macro", `"${macro.name}" redefined`, place, {
        severity: "warning",
        ...(related && { related }),
      });
    }
    reader.run.define(macro);
  });
  return end;
}

function undefine(reader: Reading, line: Line): number {
  const { tokens, end } = reader.tokens(line.rest);
  guarded(reader, line, end, () => {
    const [name, extra] = tokens;
    if (!name) throw new DefinitionError("no macro name given in #undef directive");
    checkName(name);
    reader.run.undefine(name.text);
    warnOfExtra(reader, line, extra);
  });
  return end;
}

function warnOfExtra(reader: Reading, line: Line, token: Token | undefined): void {
  if (!token) return;
  const place = reader.place(token.at, token.at + token.text.length);
  reader.run.report("directive", `extra tokens at the end of #${line.name}`, place, { severity: "warning" });
}

const headerName = /[ \t]*(?:"([^"\n]+)"|<([^>\n]+)>)/y;

function include(reader: Reading, line: Line): number {
  const { text } = reader.frame.input;
  if (line.name === "include_next") {
    reader.run.report("directive", "#include_next is not supported", reader.place(line.start, line.rest));
    return reader.tokens(line.rest).end;
  }
  headerName.lastIndex = line.rest;
  const match = headerName.exec(text);
  const behind = match ? line.rest + match[0].length : line.rest;
  const { tokens, end } = reader.tokens(behind);
  if (match) warnOfExtra(reader, line, tokens[0]);
  const header = match
    ? { path: match[1] ?? match[2] ?? "", angled: match[1] === undefined }
    : headerOf(reader, line, tokens);
  const place = reader.place(line.start, match ? behind : Math.max(line.rest, end - 1));
  if (!header) {
    reader.run.report("include", `#${line.name} expects "FILENAME" or <FILENAME>`, place);
    return end;
  }
  const frame = reader.run.enter(header.path, header.angled, place);
  if (!frame) return end;
  if (line.name === "import") reader.run.once(frame);
  reader.include(frame);
  return end;
}

/** A header's name that macros make. */
function headerOf(
  reader: Reading,
  line: Line,
  tokens: readonly Token[],
): { readonly path: string; readonly angled: boolean } | undefined {
  const expanded = expandLine(reader, line, tokens);
  const [first] = expanded;
  if (first?.kind === Kind.quoted && first.text.length > 2 && first.text.startsWith('"')) {
    return { path: first.text.slice(1, -1), angled: false };
  }
  const close = expanded.findIndex((token) => isPunctuator(token, ">"));
  if (!isPunctuator(first, "<") || close < 2) return undefined;
  const path = expanded.slice(1, close).map(({ text, space }, index) => (space && index > 0 ? ` ${text}` : text));
  return { path: path.join(""), angled: true };
}

function expandLine(reader: Reading, line: Line, tokens: readonly Token[]): readonly Token[] {
  try {
    return reader.run.lines.line(tokens);
  } catch (fault) {
    if (!(fault instanceof ExpansionError)) throw fault;
    reader.complain(fault, reader.place(line.start, line.rest));
    return [];
  }
}

/** Characters that are shown of a line's own words: it may be as long as its file, and be included often. */
const MAX_WORDS = 400;

/** `#error` and `#warning`, in their own words. */
function say(reader: Reading, line: Line): number {
  const { text } = reader.frame.input;
  const newline = text.indexOf("\n", line.rest);
  const words = text.slice(line.rest, newline < 0 ? text.length : newline).trim();
  const shown = words.length > MAX_WORDS ? `${words.slice(0, MAX_WORDS)}…` : words;
  const { end } = reader.tokens(line.rest);
  const place = reader.place(line.start, line.rest);
  const severity = line.name === "error" ? "error" : "warning";
  reader.run.report("directive", `#${line.name} ${shown}`.trimEnd(), place, { severity });
  return end;
}

function renumber(reader: Reading, line: Line): number {
  const { tokens, end } = reader.tokens(line.rest);
  const [number, file, extra] = expandLine(reader, line, tokens);
  const place = reader.place(line.start, end - 1);
  if (!number || !/^[0-9]{1,10}$/.test(number.text)) {
    reader.run.report("directive", `#line needs the number of a line, not "${number?.text ?? ""}"`, place);
  } else if (file && !(file.kind === Kind.quoted && file.text.startsWith('"'))) {
    reader.run.report("directive", `#line needs the name of a file in quotes, not "${file.text}"`, place);
  } else {
    warnOfExtra(reader, line, extra);
    reader.renumber(
      end,
      Number(number.text),
      file ? file.text.slice(1, -1).replace(/\\(.)/g, "$1") : reader.frame.file,
    );
  }
  return end;
}

function pragma(reader: Reading, line: Line): number {
  const { tokens, end } = reader.tokens(line.rest);
  if (tokens[0]?.text === "once") reader.run.once(reader.frame);
  else {
    const place = reader.place(line.start, end - 1);
    reader.run.report("directive", "this #pragma is passed over", place, { severity: "warning" });
  }
  return end;
}
