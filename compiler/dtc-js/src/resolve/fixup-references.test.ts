import { describe, expect, it } from "vitest";
import { encode } from "../blob/encode.ts";
import { decode } from "../blob/decode.ts";
import { parse, readSource } from "../parse/parse.ts";
import { print } from "../print/print.ts";
import { processorTime } from "../testing/work.ts";
import type { DeviceTree } from "../tree.ts";
import { asOverlay, referencesFromFixups } from "./fixup-references.ts";
import { addFixups } from "./fixups.ts";
import { labelsFromSymbols } from "./symbol-labels.ts";

function tree(content: string): DeviceTree {
  const { value, diagnostics } = readSource(`/dts-v1/; / { ${content} };`);
  if (!value) throw new Error(diagnostics[0].message);
  return value;
}
/** What is printed of the first property, from a source and from its blob, and what was told. */
function restored(content: string): readonly string[] {
  const told: string[] = [];
  const source = tree(content);
  const blob = decode(encode(source, { unresolved: "keep" }));
  if (!blob.ok) throw new Error(blob.diagnostics[0].message);
  const lines = [source, blob.value].map((each) => {
    told.length = 0;
    const text = print(
      referencesFromFixups(each, (message) => told.push(message)),
      { references: "phandles" },
    );
    return /p = (.*);/.exec(text)?.[1] ?? "";
  });
  return [...lines, ...told];
}
const target = "k { phandle = <5>; };";
const local = (offsets: string): string => `__local_fixups__ { p = <${offsets}>; };`;

describe("references from fixups", () => {
  it.each<[string, string, string, string, ...string[]]>([
    [
      "at each place",
      `p = <1 5>; __fixups__ { a = "/:p:0"; b = ":p:0x4"; };`,
      "<0x01 &b>",
      "<0x01>, <&b>",
      "Label a references non-existing node /",
    ],
    ["below a node", `n { p = <1 5>; }; __fixups__ { a = "/n:p:0"; b = "n/:p:4"; };`, "<&a &b>", "<&a>, <&b>"],
    ["to a node of the tree, by path", `p = <1 5>; ${target} ${local("4")}`, "<0x01 &{/k}>", "<0x01>, <&{/k}>"],
    ["to a node of the tree, by label", `p = <1 5>; l: ${target} ${local("4")}`, "<0x01 &l>", "<0x01>, <&{/k}>"],
    [
      "not inside of a string",
      `p = "text"; ${local("0")}`,
      '"text"',
      '"text"',
      "node referenced by phandle 0x74657874 in property p not found",
    ],
    [
      "not across cells",
      `n { p = <5 5>; }; __fixups__ { a = "/n:p:2"; b = "/n:p:4"; };`,
      "<0x05 &b>",
      "[00 00], <&a>, [00 05]",
    ],
    ["the first of two for one cell", `n { p = <5>; }; __fixups__ { a = "/n:p:0"; b = "/n:p:0"; };`, "<&a>", "<&a>"],
    ["with text beside", `n { p = <5>, "x"; }; __fixups__ { a = "/n:p:0"; };`, '<&a>, "x"', '<&a>, "x"'],
  ])("are made %s", (_, content, source, blob, ...told) => {
    expect(restored(content)).toEqual([source, blob, ...told]);
  });

  it("leaves a tree alone that has no fixups, or none that lead anywhere", () => {
    for (const each of [tree("p = <1>;"), tree('__fixups__ { a = "nonsense"; };')]) {
      expect(referencesFromFixups(each)).toBe(each);
    }
  });

  it("knows an overlay's blob by either node", () => {
    expect(asOverlay(tree("__fixups__ { };")).plugin).toBe(true);
    expect(asOverlay(tree("__local_fixups__ { };")).plugin).toBe(true);
    expect(asOverlay(tree("n { __fixups__ { }; };")).plugin).toBeUndefined();
  });
});

describe("fixups of very many cells", () => {
  it.each(["z", "a"])("are written for references to %s", (label) => {
    const cells = 150_000;
    const { value } = parse(`/dts-v1/; /plugin/; / { p = <${`&${label} `.repeat(cells)}>; a: a { }; };`);
    const node = value?.root.children.find(({ name }) => name.endsWith("fixups__"));
    expect(node?.properties[0]?.value.markers).toHaveLength(cells);
  });

  it("become references in a time that grows with their number", { timeout: 60_000 }, () => {
    const depth = 500;
    const work = (count: number): number => {
      const below = `${"n { ".repeat(depth)} phandle = <5>; ${"}; ".repeat(depth)}`;
      const offsets = Array.from({ length: count }, (_, index) => index * 4).join(" ");
      const source = tree(`p = <${"5 ".repeat(count)}>; ${below} ${local(offsets)}`);
      return processorTime(() => referencesFromFixups(source), 3);
    };
    expect(work(16_000)).toBeLessThan(30 * Math.max(work(2_000), 4_000));
  });
});

it("gives one node very many labels in a time that grows with their number", { timeout: 60_000 }, () => {
  const work = (count: number): number => {
    const each = (make: (index: number) => string): string =>
      Array.from({ length: count }, (_, at) => make(at)).join("");
    const source = tree(`${each((at) => `l${at}: `)} a { }; __symbols__ { ${each((at) => `s${at} = "/a"; `)} };`);
    return processorTime(() => labelsFromSymbols(source), 3);
  };
  expect(work(16_000)).toBeLessThan(30 * Math.max(work(2_000), 4_000));
});

it("adds nothing to fixups of a source that are none, and says so", () => {
  const { value } = readSource("/dts-v1/; /plugin/; / { a: a { p = <&z &a>; }; __fixups__ { z = <1>; }; };");
  const noted = value && addFixups(value);
  expect(noted?.diagnostics.map(({ severity, message }) => [severity, message])).toEqual([
    ["warning", "Preexisting data in __fixups__ malformed, some content could not be added."],
  ]);
  expect(noted?.value && print(noted.value)).toContain("z = <0x01>;");
});
