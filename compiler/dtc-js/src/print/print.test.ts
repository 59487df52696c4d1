import { describe, expect, it } from "vitest";
import { deviceTree, node, property } from "../build.ts";
import { parse } from "../parse/parse.ts";
import { resolveReferences } from "../resolve/resolve.ts";
import { dtcReprint } from "../testing/dtc.ts";
import type { Node, Value } from "../tree.ts";
import { bytes, cells, concat, path, raw, ref, strings, u64 } from "../value.ts";
import { PrintError } from "./output.ts";
import { print } from "./print.ts";

const lineOf = (value: Value): string | undefined =>
  /\ta(.*);\n/.exec(print(deviceTree({ properties: [property("a", value)] })))?.[1];

describe("print", () => {
  it("writes a whole tree", () => {
    const tree = deviceTree({
      reservations: [{ labels: [{ name: "r" }], address: 0x1000n, size: 1n }],
      properties: [property("model", strings("m"), ["l1", "l2"])],
      children: [node("a", { labels: ["x", "y"], children: [node("b")] })],
    });
    expect(print(tree)).toBe(`/dts-v1/;

r: /memreserve/\t0x0000000000001000 0x0000000000000001;
/ {
	l1: l2: model = "m";

	x: y: a {

		b {
		};
	};
};
`);
  });

  it("keeps what the source said of each part of a value", () => {
    const value = concat(cells(1, 0x1234), u64(5), strings('q"\n\u0001', ""), bytes([0xab]));
    expect(lineOf(value)).toBe(String.raw` = <0x01 0x1234>, /bits/ 64 <0x05>, "q\"\n\x01", "", [ab]`);
  });

  it("refuses to write more than a string can hold, and says so", () => {
    const deep = (inner: Node): Node => {
      let outer = inner;
      for (let depth = 0; depth < 1000; depth++) outer = node("n", { children: [outer] });
      return outer;
    };
    const many = node("n", { properties: Array.from({ length: 200_000 }, () => property("a")) });
    expect(() => print(deviceTree({ children: [deep(many)] }))).toThrow(PrintError);
    expect(() => print(deviceTree({ properties: [property("a", raw(new Uint8Array(2 ** 28 + 2)))] }))).toThrow(
      "more than 134217728 characters",
    );
  });

  it("writes labels of the root as dtc does, and parse reads them, which dtc does not", () => {
    const source = "/dts-v1/; / { a = <&q>; }; q: &{/} { }; p: &{/} { };";
    const { value } = parse(source);
    if (!value) throw new Error("there is no tree");
    const text = print(value, { references: "names" });
    expect(print(value)).toBe(dtcReprint(source));
    expect(text).toContain("p: q: / {\n\ta = <&q>;");
    expect(parse(text).value?.root.labels.map(({ name }) => name)).toEqual(["p", "q"]);
    expect(print(parse(text).value ?? deviceTree(), { references: "names" })).toBe(text);
  });

  it("stays readable where a list is empty, which dtc does not print soundly", () => {
    expect(lineOf(concat(cells(1), bytes([]), cells()))).toBe(" = <0x01>, [], <>");
    expect(lineOf(concat(cells(), strings("x")))).toBe(' = <>, "x"');
  });

  it("prints bytes where the content does not fit the type", () => {
    const odd: Value = { bytes: Uint8Array.of(1, 2, 3), markers: [{ kind: "type", offset: 0, type: "uint32" }] };
    expect(lineOf(odd)).toBe(" = [01 02 03]");
    expect(lineOf({ ...odd, markers: [{ kind: "type", offset: 0, type: "string" }] })).toBe(" = [01 02 03]");
  });

  it("guesses where nothing is known, also before the first typed part", () => {
    expect(lineOf(raw(Uint8Array.of(0x61, 0)))).toBe(' = "a"');
    expect(lineOf(raw(Uint8Array.of(0, 0, 0, 1)))).toBe(" = <0x01>");
    expect(lineOf(raw(Uint8Array.of(1)))).toBe(" = [01]");
    expect(lineOf(concat(raw(Uint8Array.of(1)), cells(2)))).toBe(" = [01], <0x02>");
  });

  it("prints references that are not resolved by name", () => {
    expect(lineOf(cells(1, ref("x"), 2, ref("/y")))).toBe(" = <0x01 &x 0x02 &{/y}>");
    expect(lineOf(path("x"))).toBe(" = &x");
    expect(lineOf(concat(strings("a"), path("/y")))).toBe(' = "a", &{/y}');
  });

  it("prints resolved references by value, or by name where that is asked for", () => {
    const source = "/dts-v1/; / { a = <&x 1 l: &x>, &x; /omit-if-no-ref/ x: x { }; };";
    const { value } = parse(source);
    if (!value) throw new Error("there is no tree");
    expect(print(value)).toContain('\ta = <0x01 0x01 l: 0x01>,  "/x";\n');
    const byName = print(value, { references: "names" });
    expect(byName).toContain("\ta = <&x 0x01 l:&x>, &x;\n");
    expect(byName).toContain("\t/omit-if-no-ref/ x: x {\n");
  });
});

describe("resolveReferences", () => {
  const unresolved = deviceTree({
    properties: [property("a", concat(cells(ref("x"), 5), path("x"), cells(ref("/x"))))],
    children: [node("x", { labels: ["x"] })],
  });

  it("fills cells and paths and moves what follows", () => {
    const { value } = resolveReferences(unresolved);
    expect(value?.root.properties[0]?.value.bytes).toEqual(concat(cells(1, 5), strings("/x"), cells(1)).bytes);
  });

  it("can be repeated, also after the target has moved", () => {
    const once = resolveReferences(unresolved).value;
    if (!once) throw new Error("there is no tree");
    expect(resolveReferences(once).value).toEqual(once);
    const renamed = {
      ...once,
      root: { ...once.root, children: once.root.children.map((x) => ({ ...x, name: "long" })) },
    };
    expect(resolveReferences(renamed).diagnostics.map(({ code }) => code)).toEqual(["phandle_references"]);
    const again = { ...renamed, root: { ...renamed.root, properties: [property("a", path("x"))] } };
    expect(resolveReferences(again).value?.root.properties[0]?.value.bytes).toEqual(strings("/long").bytes);
  });

  it("reports what is missing without a place where there is no source", () => {
    const { value, diagnostics } = resolveReferences(deviceTree({ properties: [property("a", cells(ref("x")))] }));
    expect(value).toBeUndefined();
    expect(diagnostics).toEqual([
      { code: "phandle_references", severity: "error", message: '/: Reference to non-existent node or label "x"' },
    ]);
  });
});
