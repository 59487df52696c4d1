const line = /^\/\/[^\n]*$/;

/** The lines of a comment without the indentation of the line that it begins on. */
export function withoutIndent(text: string, indent: string): string {
  const [first = "", ...more] = text.split("\n").map((each) => each.trimEnd());
  return [first, ...more.map((each) => (each.startsWith(indent) ? each.slice(indent.length) : each.trimStart()))].join(
    "\n",
  );
}

export const withIndent = (text: string, indent: string): string =>
  text
    .split("\n")
    .map((each, index) => (index === 0 || each === "" ? each : indent + each))
    .join("\n");

/** As something can follow it on its line. */
const asBlock = (text: string): string => `/* ${text.replace(/^\/\//, "").replaceAll("*/", "* /").trim()} */`;

const isBlock = (text: string): boolean =>
  text.startsWith("/*") && text.length >= 4 && text.indexOf("*/", 2) === text.length - 2;

/** The text as it is, if it is a comment; else a comment that says it. */
export const asComment = (text: string): string => (isBlock(text) || line.test(text) ? text : asBlock(text));

/** Comments on one line: only the last can reach to its end. */
export const onOneLine = (texts: readonly string[]): readonly string[] =>
  texts.map((text, index) => (index < texts.length - 1 && line.test(text) ? asBlock(text) : asComment(text)));
