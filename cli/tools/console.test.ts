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
    expect(split(["control", "ui"], "(XI) booting\r\n(d1 control) up\r\n(d2) also\r\nDOM2: there\r\n")).toEqual([
      "[hypervisor] booting",
      "[control] up",
      "[ui] also",
      "[ui] there",
    ]);
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
    expect(split(["a"], "*** Serial input to DOM1\nx\n*** Serial input to Xen\ny\n").slice(1)).toEqual([
      "[a] x",
      "[hypervisor] *** Serial input to Xen",
      "[hypervisor] y",
    ]);
  });

  it("is shown unfinished when nothing follows: a prompt", () => {
    expect(split(["a"], "*** Serial input to DOM1\n/ # ").at(-1)).toBe("[a] / # …");
  });

  it("of a domain that the configuration does not know is called by its number", () => {
    expect(split(["a"], "(d7) hello\n")).toEqual(["[domain 7] hello"]);
  });

  test.prop([fc.array(fc.string(), { maxLength: 20 }), fc.string()])(
    "is the same however the bytes arrive",
    (chunks, tail) => {
      expect(split(["a"], ...chunks, tail)).toEqual(split(["a"], chunks.join("") + tail));
    },
  );
});
