import { expect, it } from "vitest";
import { readSource } from "../parse/parse.ts";
import { runChecks } from "./run.ts";
import { checks } from "./table.ts";

it.each<[string, string, string[]]>([
  ["chosen at the root", "chosen { };", []],
  ["chosen anywhere else", "a { chosen { }; };", ["chosen_node_is_root"]],
  ["an alias of nothing", 'aliases { b = "/x"; };', ["alias_paths"]],
  ["an alias without a value", "aliases { b; };", ["alias_paths"]],
  ["an alias of the root, by an empty path", 'aliases { b = ""; };', []],
  ["an alias with a capital letter", 'x { }; aliases { B = "/x"; };', ["alias_paths"]],
  ["an alias of nothing in what is called aliases elsewhere", 'a { aliases { b = "/x"; }; };', ["alias_paths"]],
])("finds in %s what dtc finds", (_, content, expected) => {
  const { value } = readSource(`/dts-v1/; / { ${content} };`);
  expect(value && runChecks(value, { checks }).findings.map(({ check }) => check)).toEqual(expected);
});
