import { expect, it } from "vitest";
import { repeated } from "./repeated.ts";

const pairsOf = (names: string): string[] =>
  repeated(
    Array.from(names, (name, index) => ({ name, index })),
    ({ name }) => name,
  ).map(([first, later]) => `${first.name}${first.index}-${later.index}`);

/** The obvious slow way. */
const allPairs = (names: string): string[] =>
  Array.from(names).flatMap((name, index) =>
    Array.from(names).flatMap((other, at) => (at > index && other === name ? [`${name}${index}-${at}`] : [])),
  );

it.each([
  "",
  "a",
  "ab",
  "aa",
  "abab",
  "aabbaabb",
  "abcdefghijkl",
  "aaaaaaaaaaaa",
  "abcabcabcabca",
  "aaaaaaaaaaaab",
  "ab".repeat(13),
])("tells all pairs of equal names in %j, by the first", (names) => {
  expect(pairsOf(names)).toEqual(allPairs(names));
});

it("tells each of very many with the next twelve", () => {
  expect(pairsOf("a".repeat(14))).toEqual(allPairs("a".repeat(14)).filter((pair) => pair !== "a0-13"));
  expect(pairsOf("a".repeat(10_000))).toHaveLength(10_000 * 12 - 78);
});
