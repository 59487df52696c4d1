import { describe, expect, it } from "vitest";
import { printable, quoted, shortened } from "./printable.ts";

describe("text that a terminal shows", () => {
  it.each([
    ["a\u001b[2J", "a\\u001b[2J"],
    ["\u202e", "\\u202e"],
    ["\u{e0001}\u{1d173}", "\\u{e0001}\\u{1d173}"],
    ["\ud83d", "\\ud83d"],
    ["Gr\u00fc\u00dfe \u{1f600}", "Gr\u00fc\u00dfe \u{1f600}"],
  ])("spells out what has no face in %j, and nothing else", (text, expected) => {
    expect(printable(text)).toBe(expected);
  });

  it("is cut between characters", () => {
    expect([3, 4, 5, 6].map((length) => shortened("abc\u{1f600}d", length))).toEqual([
      "abc…",
      "abc…",
      "abc\u{1f600}…",
      "abc\u{1f600}d",
    ]);
  });

  it("is in quotes that the text does not end", () => {
    expect(quoted('"\u{e0001}')).toBe('"\\"\\u{e0001}"');
  });
});
