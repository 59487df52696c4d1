import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { node, property } from "../build.ts";
import { diffTrees } from "../diff/diff.ts";
import { addNode, removeNode, removeProperty, setProperty, updateNode } from "../edit.ts";
import { childPath, walk } from "../find.ts";
import { parse, readSource } from "../parse/parse.ts";
import { print } from "../print/print.ts";
import { anyTree, labelled } from "../testing/trees.ts";
import type { DeviceTree, Node, Property } from "../tree.ts";
import { cells, ref, strings } from "../value.ts";
import { updateSource } from "./update.ts";

const board = `// SPDX-License-Identifier: MIT
/dts-v1/;
#include "soc.dtsi"

/ {
	model = "old"; /* what it is called */
	leds {
		/* the first */
		led0: led@0 { reg = <0>; gpios = <&gpio 3 1>; };
	};

	memory@0 {
		reg   = <0x0 0x1000>; // all of it
	};
};

&uart {
	status = "disabled";	// until it works
};
`;
const include = (path: string) =>
  path === "soc.dtsi"
    ? {
        name: path,
        text: `/ { soc { gpio: gpio { gpio-controller; #gpio-cells = <2>; };\n uart: uart { clock = <1>; status = "okay"; }; i2c { dev { a; b = <1>; }; }; }; };`,
      }
    : undefined;

function updated(change: (tree: DeviceTree) => DeviceTree, source = board): string {
  const { value, diagnostics } = updateSource({ name: "board.dts", text: source }, change, { include });
  if (!value) throw new Error(diagnostics.map(({ message }) => message).join("; "));
  expect(parse({ name: "board.dts", text: value.text }, { include }).diagnostics).toEqual([]);
  return value.text;
}

/** The lines that went and the lines that came, in order. */
function lines(text: string, source = board): string[] {
  const [before, after] = [source.split("\n"), text.split("\n")];
  let start = 0;
  while (before[start] === after[start] && start < before.length) start++;
  let end = 0;
  while (before.at(-1 - end) === after.at(-1 - end) && end < Math.min(before.length, after.length) - start) end++;
  return [
    ...before.slice(start, before.length - end).map((line) => `-${line}`),
    ...after.slice(start, after.length - end).map((line) => `+${line}`),
  ];
}

describe("updateSource", () => {
  it("writes a value in its place, and keeps the blanks and comments around it", () => {
    expect(lines(updated((tree) => setProperty(tree, "/memory@0", property("reg", cells(0, 0x2000)))))).toEqual([
      "-\t\treg   = <0x0 0x1000>; // all of it",
      "+\t\treg   = <0x00 0x2000>; // all of it",
    ]);
    expect(lines(updated((tree) => setProperty(tree, "/soc/uart", property("status", strings("okay")))))).toEqual([
      '-\tstatus = "disabled";\t// until it works',
      '+\tstatus = "okay";\t// until it works',
    ]);
  });

  it("adds a property behind the last, and behind its comment", () => {
    expect(lines(updated((tree) => setProperty(tree, "/soc/uart", property("speed", cells(1)))))).toEqual([
      "+\tspeed = <0x01>;",
    ]);
    expect(lines(updated((tree) => setProperty(tree, "/", property("x", cells(ref("gpio"))))))).toEqual([
      "+\tx = <&gpio>;",
    ]);
    expect(lines(updated((tree) => setProperty(tree, "/leds/led@0", property("x"))))).toEqual([
      "-\t\tled0: led@0 { reg = <0>; gpios = <&gpio 3 1>; };",
      "+\t\tled0: led@0 { reg = <0>; gpios = <&gpio 3 1>; x; };",
    ]);
    expect(lines(updated((tree) => setProperty(tree, "/leds", property("x"))))).toEqual(["+\t\tx;"]);
  });

  it("takes a property away with its line, and its comment stays where it has one", () => {
    expect(lines(updated((tree) => removeProperty(tree, "/", "model")))).toEqual([
      '-\tmodel = "old"; /* what it is called */',
      "+\t/* what it is called */",
    ]);
    expect(lines(updated((tree) => removeProperty(tree, "/leds/led@0", "reg")))).toEqual([
      "-\t\tled0: led@0 { reg = <0>; gpios = <&gpio 3 1>; };",
      "+\t\tled0: led@0 { gpios = <&gpio 3 1>; };",
    ]);
  });

  it("takes a property away from the end of a line that has more", () => {
    const text = "/dts-v1/;\n/ {\n\ta; b;\n};\n";
    expect(updated((tree) => removeProperty(tree, "/", "b"), text)).toBe("/dts-v1/;\n/ {\n\ta;\n};\n");
    expect(updated((tree) => removeProperty(tree, "/", "a"), text)).toBe("/dts-v1/;\n/ {\n\tb;\n};\n");
  });

  it("says /delete-property/ where an included file says the same", () => {
    expect(lines(updated((tree) => removeProperty(tree, "/soc/uart", "status")))).toEqual([
      '-\tstatus = "disabled";\t// until it works',
      "+\t/delete-property/ status;\t// until it works",
    ]);
  });

  it("changes what an included file says behind it", () => {
    const text = updated((tree) => {
      const changed = setProperty(tree, "/soc/uart", property("clock", cells(2)));
      return removeProperty(setProperty(changed, "/soc/i2c/dev", property("c")), "/soc/i2c/dev", "a");
    });
    expect(text.slice(board.length)).toBe(
      "\n&uart {\n\tclock = <0x02>;\n};\n\n&{/soc/i2c/dev} {\n\t/delete-property/ a;\n\tc;\n};\n",
    );
    expect(text.startsWith(board)).toBe(true);
    expect(updated((tree) => removeNode(tree, "/soc/i2c"))).toBe(`${board}\n/delete-node/ &{/soc/i2c};\n`);
  });

  it("adds and takes away nodes", () => {
    const led = node("led@1", { labels: ["led1"], properties: [property("reg", cells(1))], children: [node("x")] });
    expect(lines(updated((tree) => addNode(tree, "/leds", led)))).toEqual([
      "+",
      "+\t\tled1: led@1 {",
      "+\t\t\treg = <0x01>;",
      "+",
      "+\t\t\tx {",
      "+\t\t\t};",
      "+\t\t};",
    ]);
    expect(lines(updated((tree) => removeNode(tree, "/leds/led@0")))).toEqual([
      "-\t\tled0: led@0 { reg = <0>; gpios = <&gpio 3 1>; };",
    ]);
    expect(lines(updated((tree) => addNode(tree, "/leds/led@0", node("x"))))).toEqual([
      "-\t\tled0: led@0 { reg = <0>; gpios = <&gpio 3 1>; };",
      "+\t\tled0: led@0 { reg = <0>; gpios = <&gpio 3 1>;",
      "+\t\t\tx {",
      "+\t\t\t};",
      "+\t\t};",
    ]);
    const gone = updated((tree) => removeNode(tree, "/soc/uart"));
    expect(gone).toBe(`${board}\n/delete-node/ &uart;\n`);
  });

  it("adds labels, and refuses what a source cannot be made to say", () => {
    const labels =
      (...names: string[]) =>
      (tree: DeviceTree) =>
        updateNode(tree, "/leds/led@0", (from) => ({ ...from, labels: names.map((name) => ({ name })) }));
    expect(updated(labels("other", "led0"))).toContain("\t\tother: led0: led@0 {");
    const refused = (change: (tree: DeviceTree) => DeviceTree) =>
      updateSource(board, change, { include }).diagnostics.map(({ code, message }) => `${code}: ${message}`);
    expect(refused(labels())).toEqual(["edit: the source cannot be changed so: node-changed at /leds/led@0 remains"]);
    expect(refused((tree) => ({ ...tree, bootCpuid: 3 }))[0]).toContain("edit: ");
    expect(refused((tree) => ({ ...tree, reservations: [{ labels: [], address: 0n, size: 1n }] }))[0]).toContain(
      "reservations",
    );
    expect(updateSource("/dts-v1/; / { a = ; };", (tree) => tree).diagnostics[0]?.code).toBe("syntax");
  });

  it("writes into the fragments of an overlay", () => {
    const overlay = '/dts-v1/;\n/plugin/;\n&uart {\n\tstatus = "okay";\n};\n&{/soc} {\n\ta;\n};\n';
    const change = (tree: DeviceTree) =>
      setProperty(tree, "/fragment@0/__overlay__", property("status", strings("no")));
    expect(lines(updated(change, overlay), overlay)).toEqual(['-\tstatus = "okay";', '+\tstatus = "no";']);
    const fragment = node("fragment@2", { children: [node("__overlay__", { properties: [property("b")] })] });
    expect(updated((tree) => addNode(tree, "/", fragment), overlay).slice(overlay.length)).toContain(
      "/ {\n\tfragment@2 {",
    );
  });

  it("keeps the ends of lines, and says nothing new where nothing changed", () => {
    const windows = board.replaceAll("\n", "\r\n");
    const text = updated((tree) => setProperty(tree, "/leds", property("x")), windows);
    expect(text).toBe(windows.replace("leds {\r\n", "leds {\r\n\t\tx;\r\n"));
    expect(updateSource(board, (tree) => tree, { include }).value).toEqual({ text: board, edits: [] });
  });
});

describe("updateSource before the preprocessor", () => {
  const text = `/dts-v1/;
#include "soc.h"

/ {
	model = "old"; /* what it is called */
	modes = <1
#ifdef FAST
		2
#endif
		3>;
	long \\
		= <1>;
	uart: uart@BASE {
		reg = <BASE SIZE(1, /* in pages */ 2)>; // fixed
		status = STATUS;
#ifdef FAST
		speed = <2>;
#else
		speed = <1>;
#endif
	};
	NODE(gpio)
#ifdef FAST
	dma {
	};
#endif
};
`;
  const files: Readonly<Record<string, string>> = {
    "soc.h":
      '#define BASE 1000\n#define SIZE(a,b) (a * b)\n#define STATUS "okay"\n#define NODE(n) n: n { a; };\n/ { soc { b; }; };\n',
  };
  const options = (FAST: boolean) => ({
    preprocess: { defines: FAST ? { FAST } : {} },
    include: (path: string) => ({ name: path, text: files[path] ?? "" }),
  });
  const board = { name: "board.dts", text };

  function changed(change: (tree: DeviceTree) => DeviceTree): string[] {
    const { value, diagnostics } = updateSource(board, change, options(true));
    expect(diagnostics).toEqual([]);
    return value ? lines(value.text, text) : [];
  }
  const uart = "/uart@1000";

  it("changes what the source itself says in its place", () => {
    expect(changed((tree) => setProperty(tree, "/", property("model", strings("new"))))).toEqual([
      '-\tmodel = "old"; /* what it is called */',
      '+\tmodel = "new"; /* what it is called */',
    ]);
    expect(changed((tree) => setProperty(tree, uart, property("reg", cells(1, 2))))).toEqual([
      "-\t\treg = <BASE SIZE(1, /* in pages */ 2)>; // fixed",
      "+\t\treg = <0x01 0x02>; // fixed",
    ]);
    expect(changed((tree) => setProperty(tree, uart, property("status", strings("no"))))).toEqual([
      "-\t\tstatus = STATUS;",
      '+\t\tstatus = "no";',
    ]);
    expect(changed((tree) => removeProperty(tree, uart, "status"))).toEqual(["-\t\tstatus = STATUS;"]);
    expect(changed((tree) => setProperty(tree, uart, property("speed", cells(3))))).toEqual([
      "-\t\tspeed = <2>;",
      "+\t\tspeed = <0x03>;",
    ]);
    expect(
      changed((tree) => updateNode(tree, uart, (from) => ({ ...from, labels: [{ name: "u" }, ...from.labels] }))),
    ).toEqual(["-\tuart: uart@BASE {", "+\tu: uart: uart@BASE {"]);
    expect(changed((tree) => addNode(tree, "/dma", node("chan")))).toEqual(["+\t\tchan {", "+\t\t};"]);
    expect(changed((tree) => removeNode(tree, "/dma"))).toEqual(["-\tdma {", "-\t};"]);
    expect(changed((tree) => addNode(tree, "/", node("n")))).toEqual(["+", "+\tn {", "+\t};"]);
    expect(updateSource(board, (tree) => tree, options(true)).value).toEqual({ text, edits: [] });
  });

  it("adds nothing that only one branch would have", () => {
    expect(changed((tree) => setProperty(tree, uart, property("x")))).toEqual(["+\t\tx;"]);
    const { value } = updateSource(board, (tree) => setProperty(tree, uart, property("x")), options(true));
    const other = value && parse({ ...board, text: value.text }, options(false)).value;
    expect(
      other &&
        Array.from(walk(other))
          .find(({ path }) => path === uart)
          ?.node.properties.map(({ name }) => name),
    ).toEqual(["reg", "status", "x", "speed"]);
  });

  it("says at the end what a macro, an included file or several branches say", () => {
    const end = (change: (tree: DeviceTree) => DeviceTree): string => {
      const { value } = updateSource(board, change, options(true));
      expect(value?.text.startsWith(text)).toBe(true);
      return value?.text.slice(text.length) ?? "";
    };
    expect(end((tree) => removeProperty(tree, "/gpio", "a"))).toBe("\n&gpio {\n\t/delete-property/ a;\n};\n");
    expect(end((tree) => setProperty(tree, "/gpio", property("c")))).toBe("\n&gpio {\n\tc;\n};\n");
    expect(end((tree) => setProperty(tree, "/soc", property("c")))).toBe("\n&{/soc} {\n\tc;\n};\n");
    expect(end((tree) => setProperty(tree, "/", property("modes", cells(1))))).toBe("\n/ {\n\tmodes = <0x01>;\n};\n");
    expect(end((tree) => removeNode(tree, "/gpio"))).toBe("\n/delete-node/ &gpio;\n");
  });

  it("says at the end what cannot be said in its place", () => {
    const { value } = updateSource(board, (tree) => setProperty(tree, "/", property("long", cells(2))), options(true));
    expect(value?.text).toBe(`${text}\n/ {\n\tlong = <0x02>;\n};\n`);
  });
});

/** Any tree, and edits of places that it has. */
interface Step {
  readonly kind: number;
  readonly at: number;
  readonly property: Property | undefined;
  readonly node: Node | undefined;
}

function perform(tree: DeviceTree, { kind, at, property: set, node: child }: Step): DeviceTree {
  const places = Array.from(walk(tree));
  const here = places[at % places.length];
  if (!here) return tree;
  const [first] = here.node.properties;
  if (kind === 0 && set) return setProperty(tree, here.path, set);
  if (kind === 1 && first) return removeProperty(tree, here.path, first.name);
  if (kind === 2 && first && set)
    return setProperty(tree, here.path, { ...set, name: first.name, labels: first.labels });
  if (kind === 3 && child && !here.node.children.some(({ name }) => name === child.name))
    return addNode(tree, here.path, child);
  if (kind === 4 && here.parent) return removeNode(tree, here.path);
  return tree;
}

it("what was written says what was wanted, and every line that was not concerned is as it was", () => {
  const step = fc
    .tuple(fc.nat(4), fc.nat(40), anyTree)
    .map(([kind, at, { root }]): Step => ({ kind, at, property: root.properties[0], node: root.children[0] }));
  let changed = 0;
  fc.assert(
    fc.property(anyTree, fc.array(step, { minLength: 1, maxLength: 3 }), fc.boolean(), (made, steps, oneLine) => {
      const spread = print(labelled({ ...made, reservations: [] }), { references: "names" });
      const text = oneLine
        ? spread.replaceAll(/\n\t*/g, " ").replace("/dts-v1/;", "/dts-v1/;\n")
        : spread.replaceAll(/;$/gm, "; // kept").replaceAll(/^(\t*)((l\d+): l\d+: \S+ \{)$/gm, "$1/* $3: */\n$1$2");
      const before = readSource(text).value;
      if (!before) throw new Error("there is no tree");
      const change = (tree: DeviceTree): DeviceTree => steps.reduce(perform, tree);
      const wanted = change(before);
      const { value, diagnostics } = updateSource(text, change);
      if (!value) throw new Error(diagnostics[0].message);
      // Where the preprocessor has nothing to do, it makes no difference.
      expect(updateSource(text, change, { preprocess: true }).value).toEqual(value);
      const after = readSource(value.text).value;
      if (!after) throw new Error("there is no tree any more");
      const left = diffTrees(after, { ...wanted, bootCpuid: after.bootCpuid }, { compare: "source" });
      expect(left.filter(({ kind }) => kind !== "order-changed")).toEqual([]);
      if (wanted !== before) changed++;
      if (oneLine) return;
      // A line is concerned if it says something of a node or property that changed.
      const names = new Set(
        diffTrees(before, wanted, { compare: "source" }).flatMap((each) =>
          "path" in each ? namesOf(before, each.path) : [],
        ),
      );
      const lost = text.split("\n").filter((line) => !value.text.split("\n").includes(line));
      for (const line of lost)
        expect(names.has(/l\d+(?=: )/.exec(line)?.[0] ?? "") || /^(\t*\}; \/\/ kept)?$/.test(line)).toBe(true);
    }),
    { numRuns: 200 },
  );
  expect(changed).toBeGreaterThan(100);
});

/** The labels in a node and below. */
function namesOf(tree: DeviceTree, path: string): string[] {
  return Array.from(walk(tree)).flatMap(({ path: at, node: from }) =>
    at === path || at.startsWith(childPath(path, ""))
      ? [...from.labels, ...from.properties.flatMap(({ labels }) => labels)].map(({ name }) => name)
      : [],
  );
}
