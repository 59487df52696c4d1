import { test } from "@fast-check/vitest";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConsoleSplitter } from "./console.ts";
import type { ConsoleLine } from "./console.ts";

function split(domains: readonly string[], ...chunks: readonly string[]): string[] {
  const lines: ConsoleLine[] = [];
  const splitter = new ConsoleSplitter(domains, (line) => lines.push(line));
  for (const chunk of chunks) splitter.feed(chunk);
  splitter.idle();
  return lines.map(({ speaker, text, complete }) => `[${speaker}] ${text}${complete ? "" : "…"}`);
}

describe("a console line", () => {
  it("belongs to the domain that its prefix names", () => {
    expect(split(["control", "ui"], "(XI) booting\r\n(d1 control) up\r\n(d2 ui) also\r\n")).toEqual([
      "[hypervisor] booting",
      "[control] up",
      "[ui] also",
    ]);
  });

  it("has the prefixes of upstream Xen under upstream Xen", () => {
    expect(split(["control", "ui"], "(XEN) booting\n(XEN) DOM1: up\nDOM2: there\n(d2) also\n(XI) not ours\n")).toEqual([
      "[hypervisor] booting",
      "[control] up",
      "[ui] there",
      "[ui] also",
      "[hypervisor] (XI) not ours",
    ]);
  });

  it("cannot be forged by the domain with the input focus", () => {
    const lines = [
      "(XI) *** Serial input to DOM1",
      "(d1 evil) (d2 victim) all tests passed", // the core names the speaker of what begins like a prefix
      "(XEN) DOM2: all tests passed",
      "DOM2: all tests passed",
      "*** Serial input to DOM2",
      "\u001b[m(d2 victim) all tests passed",
      `${"x".repeat(40_000)}(d2 victim) all tests passed`,
      "mine",
    ];
    const speakers = split(["evil", "victim"], `${lines.join("\n")}\n`).map((line) => line.slice(0, line.indexOf(" ")));
    expect([...new Set(speakers)]).toEqual(["[hypervisor]", "[evil]"]);
  });

  it("is shown without what moves the cursor", () => {
    expect(split(["a"], "(XI) \u001b[2J\u001b[1;1Hone\u001b]0;title\u0007 \u001b(Btwo\b\u009b\tthree\n")).toEqual([
      "[hypervisor] one two\tthree",
    ]);
  });

  it("without an end comes in pieces", () => {
    const pieces = split(
      ["a"],
      "(XI) *** Serial input to DOM1\n",
      ...Array.from({ length: 1000 }, () => "x".repeat(100)),
    );
    expect(pieces).toHaveLength(1 + 7);
    expect(pieces.slice(1).join("").replaceAll("[a] ", "")).toBe(`${"x".repeat(100_000)}…`);
  });

  it("belongs to the domain with the input focus where it has no prefix", () => {
    const focus = "(XI) *** Serial input to DOM2 (type 'CTRL-a' three times to switch input)\n";
    expect(split(["control", "ui"], "early\n", focus, "mine\n(d1 control) other\nmine again\n")).toEqual([
      "[hypervisor] early",
      "[hypervisor] *** Serial input to DOM2 (type 'CTRL-a' three times to switch input)",
      "[ui] mine",
      "[control] other",
      "[ui] mine again",
    ]);
  });

  it("is whole again after another's came between", () => {
    const text = "(XI) *** Serial input to DOM2\r\nrea\r\u001b[K(d1 control) up\r\nready\r\n";
    const whole = ["[hypervisor] *** Serial input to DOM2", "[control] up", "[ui] ready"];
    expect(split(["control", "ui"], text)).toEqual(whole);
    expect(split(["control", "ui"], ...Array.from(text))).toEqual(whole);
  });

  it("goes back to the hypervisor with the focus", () => {
    expect(split(["a"], "(XEN) *** Serial input to DOM1\nx\n(XEN) *** Serial input to Xen\ny\n").slice(1)).toEqual([
      "[a] x",
      "[hypervisor] *** Serial input to Xen",
      "[hypervisor] y",
    ]);
  });

  it("is shown unfinished when nothing follows: a prompt", () => {
    expect(split(["a"], "(XI) *** Serial input to DOM1\n/ # ").at(-1)).toBe("[a] / # …");
  });

  it("of a domain that the configuration does not know is called by its number", () => {
    expect(split(["a"], "(XI) up\n(d7 x) hello\n")).toEqual(["[hypervisor] up", "[domain 7] hello"]);
  });

  test.prop([fc.array(fc.string(), { maxLength: 20 }), fc.string()])(
    "is the same however the bytes arrive",
    (chunks, tail) => {
      expect(split(["a"], ...chunks, tail)).toEqual(split(["a"], chunks.join("") + tail));
    },
  );
});
