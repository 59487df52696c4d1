import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deviceTree, node, property } from "../build.ts";
import { diffTrees } from "../diff/diff.ts";
import { findNode } from "../find.ts";
import { parse, readSource } from "../parse/parse.ts";
import { print } from "../print/print.ts";
import { corpus, fromCorpus } from "../testing/files.ts";
import { anyTree, labelled } from "../testing/trees.ts";
import type { Comments, DeviceTree, Node } from "../tree.ts";

function read(text: string): DeviceTree {
  const { value, diagnostics } = readSource(text, { comments: true });
  if (!value) throw new Error(diagnostics[0].message);
  return value;
}
const written = (tree: DeviceTree): string => print(tree, { references: "names", comments: true });

const source = `// SPDX-License-Identifier: MIT
/* A board. */

/dts-v1/;

/* Firmware. */
/memreserve/ 0x0 0x1000; // its code

/*
 * Everything.
 */
/ {	/* opened */
	// what it is called
	model = "m"; /* short */ // and sweet
	reg = <1 /* control */
		2>; /* data */
	/* the first */
	a: a { };	/* done */

	/* nothing follows */
}; // end

/* later */
&a {
	/* overridden below */
	x = <1>;
};
&a { x = <2>; /* why */ };
/* the last word */
`;

describe("comments", () => {
  it("are none within a reference by path", () => {
    const { value } = parse("/dts-v1/; / { a { }; };\n&{//a} { x; }; /* end */", { comments: true });
    expect(value?.root.children[0]?.comments).toEqual({ leading: [], inner: [], trailing: ["/* end */"] });
  });

  it("stay with what they stand at", () => {
    const tree = read(source);
    expect(tree.comments).toEqual({
      leading: ["// SPDX-License-Identifier: MIT", "/* A board. */"],
      inner: [],
      trailing: ["/* the last word */"],
    });
    expect(tree.reservations[0]?.comments).toEqual({
      leading: ["/* Firmware. */"],
      inner: [],
      trailing: ["// its code"],
    });
    expect(tree.root.comments).toEqual({
      leading: ["/*\n * Everything.\n */", "/* opened */"],
      inner: ["/* nothing follows */"],
      trailing: ["// end"],
    });
    expect(tree.root.properties.map(({ comments }) => comments)).toEqual([
      { leading: ["// what it is called"], inner: [], trailing: ["/* short */", "// and sweet"] },
      { leading: [], inner: [], trailing: ["/* control */", "/* data */"] },
    ]);
    const a = findNode(tree, "/a");
    expect(a?.comments).toEqual({
      leading: ["/* the first */", "/* later */"],
      inner: ["/* overridden below */"],
      trailing: ["/* done */"],
    });
    expect(a?.properties[0]?.comments?.trailing).toEqual(["/* why */"]);
  });

  it("are printed where they belong", () => {
    expect(written(read(source))).toBe(`// SPDX-License-Identifier: MIT
/* A board. */
/dts-v1/;

/* Firmware. */
/memreserve/	0x0000000000000000 0x0000000000001000; // its code
/*
 * Everything.
 */
/* opened */
/ {
	// what it is called
	model = "m"; /* short */ // and sweet
	reg = <0x01 0x02>; /* control */ /* data */

	/* the first */
	/* later */
	a: a {
		x = <0x02>; /* why */
		/* overridden below */
	}; /* done */
	/* nothing follows */
}; // end
/* the last word */
`);
  });

  it("are kept through the preprocessor as without it", () => {
    const { value } = readSource(source, { comments: true, preprocess: true });
    expect(value && all(value)).toEqual(all(read(source)));
  });

  it("of includes, macros and conditionals stay with what is made of them", () => {
    const files: Readonly<Record<string, string>> = {
      "only.h": "/* says nothing of the tree */\n#define ONE 1 /* one */\n",
      "soc.dtsi": "// SPDX: soc\n#include <only.h>\n\n/ {\n\t/* the bus */\n\tsoc {\n\t};\n};\n// soc's last",
    };
    const text = `// SPDX: board
/dts-v1/;
#include "only.h" /* for ONE */
#include "soc.dtsi"
/* what it is */
/ {
#ifdef ONE /* always */
\t/*
\t * the value
\t */
\tx = <ONE ADD(ONE, /* and more */ 2)>; // behind \\
it
#else
\t/* never */
\ty;
#endif
\t#size-cells = <1>; /* not a directive */
\tEMPTY /* nothing */ NODE(n /* its name */, /* no content */); /* made */
};
`;
    const include = (path: string) => ({ name: path, text: files[path] ?? "" });
    const defines = { "ADD(a,b)": "(a+b)", "NODE(a,b)": "a { b }", EMPTY: "" };
    const { value, diagnostics } = parse(text, { comments: true, include, preprocess: { defines } });
    expect(diagnostics).toEqual([]);
    expect(value && written(value)).toBe(`// SPDX: board
/dts-v1/;

// SPDX: soc
// soc's last
/* what it is */
/ {
	/*
	 * the value
	 */
	x = <0x01 0x03>; /* and more */ // behind it
	#size-cells = <0x01>; /* not a directive */

	/* the bus */
	soc {
	};

	/* nothing */
	/* its name */
	/* no content */
	n {
	}; /* made */
};
`);
  });

  it("are kept by parse, and through resolving", () => {
    const { value } = parse("/dts-v1/; / { /* a */ a = <&b>; b: b { }; };", { comments: true });
    expect(value?.root.comments?.leading).toEqual(["/* a */"]);
    expect(parse(source).value?.comments).toBeUndefined();
  });

  it("that would break a text are written as ones that do not", () => {
    const comments = (...trailing: string[]): Comments => ({ leading: ["no delimiters */ x"], inner: [], trailing });
    const tree = deviceTree({ children: [{ ...node("n"), comments: comments("// a */ b", "// c") }] });
    const text = print(tree, { comments: true });
    expect(text).toContain("\t/* no delimiters * / x */\n\tn {\n\t}; /* a * / b */ // c\n");
    expect(diffTrees(read(text), tree)).toEqual([]);
    expect(
      print(deviceTree({ properties: [{ ...property("p"), comments: comments("// a\nb;") }] }), { comments: true }),
    ).toContain("p; /* a\n");
  });

  it("of the corpus are all kept, and printing them changes nothing any more", () => {
    for (const file of corpus) {
      const { value } = readSource(file, { include: fromCorpus, comments: true });
      if (!value) throw new Error(`${file.name} was refused`);
      const again = read(written(value));
      expect(all(again)).toEqual(all(value));
      expect(written(again)).toBe(written(value));
    }
  });

  it("at any place are kept, printed and read again the same; printing is a fixpoint", () => {
    let count = 0;
    fc.assert(
      fc.property(anyTree, fc.array(fc.tuple(fc.nat(2000), comment), { maxLength: 12 }), (made, comments) => {
        const text = withComments(print(labelled(made), { references: "names" }), comments);
        const tree = read(text);
        // Nothing is lost: each has a number.
        const kept = JSON.stringify(all(tree));
        for (const [number] of text.matchAll(/@\d+@/g)) expect(kept).toContain(number);
        const again = read(written(tree));
        expect(diffTrees(again, tree, { compare: "source" })).toEqual([]);
        expect(all(again)).toEqual(all(tree));
        expect(written(again)).toBe(written(tree));
        const preprocessed = readSource(text, { comments: true, preprocess: true }).value;
        expect(preprocessed && all(preprocessed)).toEqual(all(tree));
        expect(print(tree)).toBe(print(read(text.replaceAll(/\/\*@[^]*?@\*\/|\/\/@[^\n]*/g, ""))));
        count += comments.length;
      }),
      { numRuns: 150 },
    );
    expect(count).toBeGreaterThan(300);
  });
});

const comment = fc.tuple(
  fc.constantFrom("line", "block", "own line", "lines"),
  fc.string({ unit: fc.constantFrom("a", " ", "*", "/", '"', "'", "{", ";", "\t"), maxLength: 6 }),
);

/** Puts comments between lines and at blanks outside of strings. */
function withComments(text: string, comments: readonly (readonly [number, readonly [string, string]])[]): string {
  const places = Array.from(text.matchAll(/"(?:[^"\\]|\\.)*"|[ \t\n]/g)).flatMap(({ 0: token, index }) =>
    token.startsWith('"') ? [] : [index],
  );
  let result = text;
  const chosen = comments
    .map(([at, what], index) => ({ at: places[at % places.length] ?? 0, what, index }))
    .toSorted((a, b) => b.at - a.at);
  for (const {
    at,
    what: [kind, words],
    index,
  } of chosen) {
    const said = `@${index}@${words.replaceAll(/\*+\//g, "")}`;
    const block = `/*${said.endsWith("*") ? `${said} ` : said}@*/`;
    const put =
      {
        line: ` //${said}\n`,
        block: ` ${block} `,
        "own line": `\n\t${block}\n`,
        lines: ` /*${said}\n\t  more\n\n last@*/ `,
      }[kind] ?? "";
    result = result.slice(0, at) + put + result.slice(at);
  }
  return result;
}

/** All comments, part by part. */
function all(tree: DeviceTree): unknown {
  const of = (from: Node): unknown => [
    from.name,
    from.comments ?? "",
    from.properties.map(({ name, comments }) => [name, comments ?? ""]),
    from.children.map(of),
  ];
  return [tree.comments ?? "", tree.reservations.map(({ comments }) => comments ?? ""), of(tree.root)];
}
