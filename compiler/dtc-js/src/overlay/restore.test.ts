import { describe, expect, it } from "vitest";
import { decode } from "../blob/decode.ts";
import { encode } from "../blob/encode.ts";
import { deviceTree, node, property } from "../build.ts";
import { parse, readSource } from "../parse/parse.ts";
import { print } from "../print/print.ts";
import { addFixups } from "../resolve/fixups.ts";
import { resolveReferences } from "../resolve/resolve.ts";
import { addSymbols } from "../resolve/symbols.ts";
import { dtcCompile } from "../testing/dtc.ts";
import type { DeviceTree } from "../tree.ts";
import { bytes, cells, concat, raw, strings } from "../value.ts";
import { restoreOverlay } from "./restore.ts";

const source = `/dts-v1/;
/plugin/;

&uart0 {
	status = "okay";
	clocks = <&clk 0x05>, <&own>;
	odd = [01], <&clk>, [02 03];

	own: sensor@1 {
		self = <&own &nameless>;

		nameless: inner {
			up = <&{/fragment@0/__overlay__/sensor@1/deep}>;
		};

		deep {
		};
	};
};

&{/soc/i2c} {
	speed = <0x01>;
};

/ {

	extra {
		target = <&clk>;
	};
};
`;

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("there is none");
  return value;
}
const compiled = (text: string, symbols: boolean): Uint8Array => {
  const tree = must(resolveReferences(must(readSource(text).value)).value);
  return encode(must(addFixups(symbols ? addSymbols(tree) : tree).value), { unresolved: "keep" });
};
const decoded = (blob: Uint8Array): DeviceTree => {
  const result = decode(blob);
  if (!result.ok) throw new Error(result.diagnostics[0].message);
  return result.value;
};
const asSource = (tree: DeviceTree): string => print(tree, { references: "names", fragments: "references" });

function restored(overlay: DeviceTree): DeviceTree {
  const result = restoreOverlay(overlay);
  if (!result.ok) throw new Error(result.diagnostics[0].message);
  return result.value;
}

describe("restoreOverlay", () => {
  it("gives a text that compiles to the blob that it came from, with symbols and without", () => {
    for (const symbols of [true, false]) {
      const blob = compiled(source, symbols);
      const text = asSource(restored(decoded(blob)));
      expect(text).not.toContain("__fixups__");
      expect(text).not.toContain("__overlay__ {");
      expect(text).toContain("clocks = <&clk 0x05");
      expect(Buffer.from(compiled(text, symbols)).equals(blob)).toBe(true);
      const explicit = print(restored(decoded(blob)), { references: "names" });
      expect(explicit).toContain("fragment@0 {\n\t\ttarget = <&uart0>;");
      expect(Buffer.from(compiled(explicit, symbols)).equals(blob)).toBe(true);
      if (!symbols) expect(Buffer.from(dtcCompile(text)).equals(Buffer.from(dtcCompile(source)))).toBe(true);
    }
  });

  it("has labels, in values too, as far as the blob tells", () => {
    const text = asSource(restored(decoded(compiled(source, true))));
    expect(text).toContain("own: sensor@1 {");
    expect(text).toContain("self = <&own &nameless>;");
    expect(text).toContain("odd = [01], <&clk>, [02 03];");
    expect(text.startsWith("/dts-v1/;\n/plugin/;\n\n&uart0 {\n")).toBe(true);
    expect(asSource(restored(decoded(compiled(source, false))))).toContain("&{/fragment@0/__overlay__/sensor@1}");
  });

  it("prints what no reference stands for as it is", () => {
    const text = (root: readonly ReturnType<typeof node>[]): string =>
      asSource({ ...deviceTree({ children: root }), plugin: true });
    const body = node("__overlay__");
    const path = property("target-path", strings("/soc"));
    expect(text([node("fragment@0", { properties: [path], children: [body] })])).toBe(
      "/dts-v1/;\n/plugin/;\n\n&{/soc} {\n};\n\n",
    );
    expect(text([node("fragment@1", { properties: [path], children: [body] })])).toContain("fragment@1 {");
    expect(text([node("fragment@0", { properties: [path, property("x")], children: [body] })])).toContain(
      "__overlay__ {",
    );
    expect(text([node("fragment@0", { properties: [property("target", cells(1))], children: [body] })])).toContain(
      "__overlay__ {",
    );
  });

  it("refuses notes that lead nowhere", () => {
    const overlay = (fixups: string, offsets = cells(0)): DeviceTree =>
      deviceTree({
        properties: [property("p", raw(new Uint8Array(8)))],
        children: [
          node("__fixups__", { properties: [property("l", strings(fixups))] }),
          node("__local_fixups__", { properties: [property("q", offsets)] }),
        ],
      });
    expect(restored(overlay("/:p:4")).root.properties[0]?.value.markers).toHaveLength(2);
    expect(restoreOverlay(overlay("/:p:5"))).toMatchObject({
      ok: false,
      diagnostics: [{ code: "FDT_ERR_BADOVERLAY" }],
    });
    expect(restoreOverlay(overlay("/p")).diagnostics[0]?.message).toContain("is no place");
    const local = (offsets: ReturnType<typeof cells>): DeviceTree =>
      deviceTree({
        properties: [property("p", cells(1, 2))],
        children: [node("__local_fixups__", { properties: [property("p", offsets)] })],
      });
    expect(restoreOverlay(local(cells(0))).diagnostics[0]?.message).toContain("no node has the phandle");
    expect(restoreOverlay(local(cells(8))).diagnostics[0]?.message).toContain("there is nothing at");
    expect(restoreOverlay(local(concat(cells(0), bytes([1])))).diagnostics[0]?.message).toContain("are no cells");
  });

  it("keeps the comments of fragments", () => {
    const { value } = parse("/dts-v1/;\n/plugin/;\n/* why */\n&a {\n\t/* what */\n\tx;\n\t/* more */\n}; /* end */\n", {
      comments: true,
    });
    const text = print(must(value), { references: "names", fragments: "references", comments: true });
    expect(text).toContain("/* why */\n&a {\n\t/* what */\n\tx;\n\t/* more */\n}; /* end */\n");
  });
});
