import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import ts from "typescript";
import { afterAll, describe, expect, it } from "vitest";
import { qemuVirt } from "../boards/index.ts";
import { packageRoot } from "../cli/adapters/package.ts";
import { xenimg } from "../cli/testing/surroundings.ts";
import { GiB } from "../compiler/index.ts";
import { commandLines, fenced, inlineCommands, wordsOf } from "./snippets.ts";
import type { Snippet } from "./snippets.ts";

const root = mkdtempSync(join(tmpdir(), "xenimg-guide-"));
afterAll(() => {
  rmSync(root, { recursive: true });
});

const pages = ["README.md", "docs/guide.md", "docs/schedulers.md", "docs/support.md", "docs/threat-model.md"];
const read = (path: string): string => readFileSync(join(packageRoot, path), "utf8");
const title = (page: string, { line, section }: Snippet): string => `${page}:${line} ${section}`;

const configurations = pages.flatMap((page) =>
  fenced(read(page), "ts").map((snippet) => ({ ...snippet, page, name: title(page, snippet) })),
);
const commands = pages.flatMap((page) =>
  [...commandLines(read(page)), ...inlineCommands(read(page))].map((snippet) => ({
    ...snippet,
    page,
    name: `${title(page, snippet)}: ${snippet.text}`,
  })),
);

describe("configurations of the guide", () => {
  it("are found, and whole", () => {
    expect(new Set(configurations.map(({ page }) => page))).toEqual(new Set(pages.slice(0, 3)));
    expect(configurations.filter(({ text }) => text.includes("…"))).toEqual([]);
  });

  it("are accepted by the editor", () => {
    const texts = new Map(
      configurations.map(({ text }, index) => [join(packageRoot, `docs/snippet-${index}.ts`), text]),
    );
    expect(typeErrors(texts)).toEqual([]);
  }, 300_000);

  it.each(configurations)("are sound: $name", async ({ text }) => {
    const folder = prepared({ "board.ts": text });
    for (const variant of ["", ...[...text.matchAll(/^export const (\w+)/gm)].map(([, name = ""]) => `#${name}`)]) {
      const { exitCode, stderr } = await xenimg(folder, "check", `board.ts${variant}`, ...core(folder));
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    }
  });
});

it("the example that it leads to is sound, and builds with the files that it names", async () => {
  const folder = prepared({ "board.ts": read("examples/pv-links/board.ts") });
  for (const command of ["check", "build"]) {
    const { exitCode, stderr } = await xenimg(folder, command, "board.ts", ...core(folder));
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  }
  // What its comments tell the reader to type.
  const map = readFileSync(join(folder, "build", "board", "map.txt"), "utf8");
  for (const name of ["PV interface vif2.0", "PV disk xvda, 7:0"]) expect(map).toContain(name);
});

describe("command lines of the guide", () => {
  it.each(commands)("are taken by the program: $name", async ({ text }) => {
    const folder = mkdtempSync(join(root, "empty-"));
    const { exitCode, stderr } = await xenimg(folder, ...wordsOf(text.replaceAll("…", "")).slice(1));
    // Nothing is there, which is no usage error; a name of a command alone may lack its arguments.
    if (wordsOf(text).length > 2) expect([0, 1, 3], stderr).toContain(exitCode);
    else expect(stderr).not.toContain("unknown command");
  });

  const guide = read("docs/guide.md");
  const sections = [...new Set(commandLines(guide).map(({ section }) => section))];
  it.each(sections.filter((section) => !elsewhere.sections.has(section)))(
    "do what is said of them: %s",
    async (section) => {
      const snippets = commandLines(guide).filter((each) => each.section === section);
      const lines = snippets.map(({ text }) => text);
      const [first] = snippets;
      const board = fenced(guide, "ts").findLast(({ line }) => line < (first?.line ?? 0));
      const folder = prepared(section === "import" ? {} : { "board.ts": withVariants(board?.text ?? "", lines) });
      for (const line of [...before(section, lines), ...lines]) {
        if (elsewhere.lines.some((pattern) => pattern.test(line))) continue;
        const words = wordsOf(line.replace(/\bKEY\b/, "keys/dev.key")).slice(1);
        const { exitCode, stderr } = await xenimg(
          folder,
          ...words,
          ...(linked.includes(words[0] ?? "") ? core(folder) : []),
        );
        expect(exitCode, `${line}\n${stderr}`).toBe(0);
      }
    },
  );
});

/** What tests of their own run: tokens and services that sign, QEMU, and the stub for UEFI, which is built with the core. */
const elsewhere = {
  sections: new Set(["Keys for releases", "UEFI", "Secure Boot"]),
  lines: [/^xenimg run /, /image\.efi/],
};

/** What a section takes for granted. */
function before(section: string, lines: readonly string[]): readonly string[] {
  const all = lines.join("\n");
  const wantsKey = /\bKEY\b|keys\/dev/.test(all) && !all.includes("xenimg keygen keys/dev");
  if (section !== "extract") return wantsKey ? ["xenimg keygen keys/dev"] : [];
  return ["xenimg keygen keys/dev", "xenimg build board.ts --format fit,disk --sign KEY"];
}

/** Commands that want a hypervisor image; the core is not built where unit tests run. */
const linked = ["check", "build", "diff", "export"];
const core = (folder: string): readonly string[] => ["--hypervisor", join(folder, "core.img")];

const memory = 'kernel = "Image"\nmemory = 64\n';

/** With the variants that the lines name: the guide's last configuration makes each by a function. */
function withVariants(board: string, lines: readonly string[]): string {
  const named = new Set(lines.flatMap((line) => [...line.matchAll(/#(\w+)/g)].map(([, name = ""]) => name)));
  const missing = [...named].filter((name) => !board.includes(`export const ${name} `));
  return [board, ...missing.map((name) => `export const ${name} = system("console=ttyAMA0");\n`)].join("");
}

/** A folder with every file that the guide and its configurations name, and these. */
function prepared(files: Readonly<Record<string, string>>): string {
  const folder = join(mkdtempSync(join(root, "project-")), "project");
  const tree = qemuVirt({ gic: 3, cpus: 2, memory: GiB(1) }).deviceTree;
  const [start] = fenced(read("docs/guide.md"), "ts");
  const texts: Readonly<Record<string, string | Uint8Array>> = {
    "next/board.ts": start?.text ?? "",
    "../before/board.ts": start?.text ?? "",
    config: 'DEVICE_TREE="virt.dtb"\nNUM_DOMUS=1\nDOMU_KERNEL[0]="Image"\n',
    "ui.cfg": `name = "ui"\npool = "fast"\n${memory}`,
    "storage.cfg": `name = "storage"\n${memory}`,
    "fast.cfg": 'name = "fast"\nsched = "credit2"\ncpus = ["1"]\n',
    "virt.dtb": tree,
    "u-boot.dtb": tree,
    ...files,
  };
  for (const [name, content] of Object.entries(texts)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  const copies = { "core.img": "core.img", "rootfs.cpio.gz": "ramdisk.cpio" };
  const kernels = ["Image", "control.img", "monitor.bin", "other/Image", "next/Image", "../before/Image"];
  const ramdisks = ["next/rootfs.cpio.gz", "../before/rootfs.cpio.gz"];
  for (const [name, file] of [
    ...Object.entries(copies),
    ...kernels.map((name) => [name, "Image"] as const),
    ...ramdisks.map((name) => [name, "ramdisk.cpio"] as const),
  ]) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    cpSync(join(packageRoot, "fixtures", "files", file), join(folder, name));
  }
  return folder;
}

/** What TypeScript says of these texts, as strictly as it looks at our own. */
function typeErrors(texts: ReadonlyMap<string, string>): readonly string[] {
  const { config } = ts.readConfigFile(join(packageRoot, "tsconfig.base.json"), (path) => ts.sys.readFile(path)) as {
    readonly config: { readonly compilerOptions: object };
  };
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [] }, ts.sys, packageRoot);
  const checked = { ...options, composite: false, noEmit: true, declaration: false, types: [] };
  const host = ts.createCompilerHost(checked);
  const program = ts.createProgram([...texts.keys()], checked, {
    ...host,
    fileExists: (path) => texts.has(path) || host.fileExists(path),
    readFile: (path) => texts.get(path) ?? host.readFile(path),
    getSourceFile: (path, version, ...rest) => {
      const text = texts.get(path);
      return text === undefined ? host.getSourceFile(path, version, ...rest) : ts.createSourceFile(path, text, version);
    },
  });
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`);
}
