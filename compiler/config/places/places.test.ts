import { fc, it as property } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import type { ConfigPath, Label } from "../../diagnostics/diagnostic.ts";
import { placesOf } from "./places.ts";

/** The text that a path leads to. */
function textAt(text: string, path: ConfigPath, at?: "key"): string | undefined {
  const label: Label = { path, ...(at && { at }) };
  const span = placesOf("board.ts", text).spanOf(label);
  return span && text.slice(span.start.offset, span.end.offset);
}

const literal = `import { defineSystem } from "xenimg";
export default defineSystem({
  board: qemuVirt({ cpus: 4 }),
  domains: {
    "my-ui": { kernel: "Image", memory: [{ at: 1, size: 2 }, { at: 3, size: 4 }] },
    control: {
      kernel: "zephyr.bin",
    },
  },
});
`;

describe("the place of a part", () => {
  it.each<[ConfigPath, string]>([
    [["board"], "qemuVirt({ cpus: 4 })"],
    [["domains", "my-ui", "kernel"], '"Image"'],
    [["domains", "my-ui", "memory", 1, "at"], "3"],
    [["domains", "my-ui", "memory", 1], "{ at: 3, size: 4 }"],
  ])("at %j is its value", (path, expected) => {
    expect(textAt(literal, path)).toBe(expected);
  });

  it("is its name where the value takes several lines", () => {
    expect(textAt(literal, ["domains", "control"])).toBe("control");
  });

  it("is its name where the name is meant", () => {
    expect(textAt(literal, ["domains", "my-ui", "kernel"], "key")).toBe("kernel");
  });

  it("is the nearest part above where there is none", () => {
    expect(textAt(literal, ["domains", "control", "memory"])).toBe("control");
    expect(textAt(literal, ["domains", "my-ui", "memory", 7, "at"])).toBe("memory");
    expect(textAt(literal, ["hypervisor", "heap"])).toMatch(/^defineSystem/);
  });

  it.each([
    ["export function ui() { return { a: 1 }; }", "1"],
    ["function build() { return { a: 2 }; }\nexport { build as ui };", "2"],
    ["const system = { a: 3 };\nexport { system as ui };", "3"],
    ['const system = { a: 4 };\nexport { system as "ui" };', "4"],
    ["const ui = { a: 5 };\nconst other = { a: 6 };\nexport { other as ui, ui as other };", "6"],
  ])("is found in a variant, however it is exported: %j", (text, expected) => {
    const span = placesOf("board.ts", text, "ui").spanOf({ path: ["a"] });
    expect(span && text.slice(span.start.offset, span.end.offset)).toBe(expected);
  });

  it("is found in a default export by its name", () => {
    expect(textAt("const system = { a: 1 };\nexport { system as default };", ["a"])).toBe("1");
  });

  it("has lines and columns from 1", () => {
    const span = placesOf("board.ts", literal).spanOf({ path: ["domains", "my-ui", "kernel"] });
    expect(span?.start).toMatchObject({ line: 5, column: 24 });
    expect(span?.end).toMatchObject({ line: 5, column: 31 });
    expect(span?.file).toBe("board.ts");
  });
});

describe("a value that is put together", () => {
  const system = (domains: string, before = ""): string =>
    `${before}\nexport default defineSystem({ board, domains: ${domains} });\n`;
  it.each<[string, string, ConfigPath, string]>([
    ["a name", system("all", "const all = { ui: { kernel: 'a' } };"), ["domains", "ui", "kernel"], "'a'"],
    [
      "a spread",
      system("{ ui: { ...base, cpus: 2 } }", "const base = { kernel: 'a' };"),
      ["domains", "ui", "kernel"],
      "'a'",
    ],
    [
      "a later mention",
      system("{ ui: { cpus: 1, ...base } }", "const base = { cpus: 3 };"),
      ["domains", "ui", "cpus"],
      "3",
    ],
    [
      "a mention after a spread",
      system("{ ui: { ...base, cpus: 2 } }", "const base = { cpus: 3 };"),
      ["domains", "ui", "cpus"],
      "2",
    ],
    [
      "a function",
      system("{ ui: domain('x') }", "const domain = (k: string) => ({ kernel: k });"),
      ["domains", "ui", "kernel"],
      "k",
    ],
    [
      "a function with a body",
      system("{ ui: domain() }", "function domain() { return { kernel: 'a' }; }"),
      ["domains", "ui", "kernel"],
      "'a'",
    ],
    [
      "a type assertion",
      system("({ ui: { kernel: 'a' } } as const satisfies object)"),
      ["domains", "ui", "kernel"],
      "'a'",
    ],
    [
      "a condition",
      system("{ ui: fast ? { kernel: 'a' } : { kernel: 'b', cpus: 9 } }"),
      ["domains", "ui", "cpus"],
      "9",
    ],
    [
      "a list with a spread",
      system("{ ui: { memory: [one, ...two, { at: 7 }] } }", "const two = [{ at: 5 }, { at: 6 }];"),
      ["domains", "ui", "memory", 3, "at"],
      "7",
    ],
    [
      "a part of a list that is spread",
      system("{ ui: { memory: [one, ...two] } }", "const two = [{ at: 5 }, { at: 6 }];"),
      ["domains", "ui", "memory", 2, "at"],
      "6",
    ],
    [
      "a part of another object",
      system("{ ui: all.first }", "const all = { first: { kernel: 'a' } };"),
      ["domains", "ui", "kernel"],
      "'a'",
    ],
    [
      "a computed name",
      system("{ [name]: { kernel: 'a' } }", "const name = 'ui';"),
      ["domains", "ui", "kernel"],
      "'a'",
    ],
    ["a frozen object", system("Object.freeze({ ui: { kernel: 'a' } })"), ["domains", "ui", "kernel"], "'a'"],
    [
      "parameters",
      "export default defineSystem((params) => ({ domains: { ui: { kernel: 'a' } } }));",
      ["domains", "ui", "kernel"],
      "'a'",
    ],
    [
      "an exported name",
      "const system = { domains: { ui: { kernel: 'a' } } };\nexport default system;",
      ["domains", "ui", "kernel"],
      "'a'",
    ],
  ])("is followed through %s", (_, text, path, expected) => {
    expect(textAt(text, path)).toBe(expected);
  });

  it("that goes in circles is given up", () => {
    const text = "const a = { ...b }; const b = { ...a };\nexport default defineSystem(a);\n";
    expect(textAt(text, ["domains"])).toBe("defineSystem(a)");
    expect(textAt("const a = a;\nexport default a;\n", ["domains"])).toBe("a");
  });
});

describe("any text whatever", () => {
  const words = fc.constantFrom(
    "export default ",
    "{",
    "}",
    "[",
    "]",
    "a",
    ": ",
    "1",
    "...",
    ", ",
    "(",
    ")",
    "=> ",
    "\n",
  );
  property.prop([fc.array(words).map((parts) => parts.join("")), fc.array(fc.oneof(fc.nat(3), fc.constant("a")))])(
    "has a place or none, inside of it",
    (text, path) => {
      const span = placesOf("board.ts", text).spanOf({ path });
      if (span) expect(span.end.offset).toBeLessThanOrEqual(text.length);
    },
  );
});
