import { describe, expect, it } from "vitest";
import { setProperty } from "./edit.ts";
import { deviceTree, property } from "./build.ts";
import { parse } from "./parse/parse.ts";
import { print } from "./print/print.ts";
import { updateSource } from "./update/update.ts";
import { cells } from "./value.ts";

const blanks = " ".repeat(2 ** 23);
const comments = "/**/".repeat(2 ** 22);

/** Sources of one long thing: none of the machine's stack is taken for each of its characters. */
describe("millions of characters", () => {
  it.each([
    ["of blanks", `a${blanks}=${blanks}<2>${blanks};`],
    ["of comments", `a ${comments}= ${comments}<2> ${comments};`],
    ["of escapes", `s = "${"\\n".repeat(2 ** 22)}"; a = <2>;`],
  ])("%s are stepped over where a source is changed", (_, inside) => {
    const source = `/dts-v1/; / { ${inside} };`;
    const { value } = updateSource(source, (tree) => setProperty(tree, "/", property("a", cells(1))));
    expect(value?.text.length).toBeCloseTo(source.length, -1);
    expect(value?.text.includes("<0x01>")).toBe(true);
  });

  it.each([
    ["of escapes", `s = "${"\\n".repeat(2 ** 22)}"; /* c */`],
    ["of comments", "// c\n".repeat(200_000)],
    ["of one comment", `/*${blanks}c*/ a;`],
  ])("%s are stepped over where comments are kept", (_, inside) => {
    const { value } = parse(`/dts-v1/; / { ${inside} };`, { comments: true });
    expect(print(value ?? deviceTree({}), { comments: true })).toContain("c");
  });
});
