import { expect, it } from "vitest";
import { readSource } from "../parse/parse.ts";
import { processorTime } from "../testing/work.ts";
import { printYaml } from "./yaml.ts";

function yaml(content: string): readonly string[] {
  const { value } = readSource(`/dts-v1/; / { ${content} };`);
  return value ? printYaml(value).split("\n").slice(1, -2) : [];
}
const long = (count: number): string => "n".repeat(count);

// Each line is what dtc 1.8.1 with libyaml 0.2.5 writes of the same source.
it.each<[string, string, string[]]>([
  ["a name of 128 characters", `${long(128)};`, [`- ${long(128)}: true`]],
  ["a longer name", `${long(129)} = <1>;`, [`- ? ${long(129)}`, "  : [[0x1]]"]],
  ["a longer name in quotes", `#${long(127)};`, [`- '#${long(127)}': true`]],
  ["a longer name of a node", `${long(129)} { a; b; };`, [`- ? ${long(129)}`, "  : a: true", "    b: true"]],
  [
    "names that YAML would read otherwise",
    "#a; ,b; -; ?; ---c; ...; -d; ?e;",
    [
      "- '#a': true",
      "  ',b': true",
      "  '-': true",
      "  '?': true",
      "  '---c': true",
      "  '...': true",
      "  -d: true",
      "  ?e: true",
    ],
  ],
  ["two spaces where a line ends", `a = "${"x".repeat(80)}  y";`, [`- a: ["${"x".repeat(80)}`, '      \\ y"]']],
  ["a space at the start of a long line", `${long(79)} = " x y";`, [`- ${long(79)}: [`, '    " x y"]']],
])("writes %s as libyaml does", (_, content, lines) => {
  expect(yaml(content)).toEqual(lines);
});

it("takes a time that grows with the number of a property's lists", { timeout: 60_000 }, () => {
  const work = (count: number): number => {
    const { value } = readSource(`/dts-v1/; / { p = ${Array.from({ length: count }, () => "<1 &{/}>").join(", ")}; };`);
    return value ? processorTime(() => printYaml(value), 3) : NaN;
  };
  expect(work(16_000)).toBeLessThan(30 * Math.max(work(2_000), 4_000));
});
