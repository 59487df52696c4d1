import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { decode, encode, parse, print } from "dtc-js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { browserPath, startBrowser, type Page } from "./testing/browser.ts";
import { debian, root, temporaryFolder } from "./testing/paths.ts";

const made = temporaryFolder("playground");
const site = join(made, "site");
const downloads = join(made, "downloads");
const vendorTree = debian("k3-am625-sk");

/** Serves the folder, and nothing else. */
async function serve(folder: string): Promise<Server> {
  const types: Record<string, string> = { html: "text/html", js: "text/javascript", css: "text/css" };
  const server = createServer((request, response) => {
    const path = join(folder, new URL(request.url ?? "/", "http://local").pathname.replace(/\/$/, "/index.html"));
    if (!existsSync(path)) response.writeHead(404).end();
    else response.writeHead(200, { "content-type": types[path.split(".").at(-1) ?? ""] ?? "" }).end(readFileSync(path));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

let server: Server;
let page: Page;
let stop: () => Promise<void>;

const text = (id: string): string => `document.getElementById(${JSON.stringify(id)}).textContent`;
const read = async (id: string): Promise<string> => String(await page.evaluate(text(id)));

/** Puts a text in the place of the source, as a paste does, and waits for its outcome. */
async function paste(source: string): Promise<void> {
  await page.evaluate(`document.getElementById("status").textContent = "waiting"; document.getElementById("source").select();
    document.getElementById("source").focus()`);
  await page.send("Input.insertText", { text: source });
  await page.until(`${text("status")} !== "waiting"`);
}

/** Puts in a text that is too large to be typed quickly. */
async function fill(source: string): Promise<void> {
  await page.evaluate(`{ const area = document.getElementById("source"); area.value = ${JSON.stringify(source)};
    document.getElementById("status").textContent = "waiting"; area.dispatchEvent(new Event("input")); }`);
  await page.until(`${text("status")} !== "waiting"`);
}

/** Drops files upon the page with the mouse, and waits for the outcome. */
async function drop(...paths: readonly string[]): Promise<void> {
  await page.evaluate(`document.getElementById("status").textContent = "waiting"`);
  const data = { items: [], files: paths, dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"]) {
    await page.send("Input.dispatchDragEvent", { type, x: 300, y: 300, data });
  }
  await page.until(`${text("status")} !== "waiting"`);
}

/** Clicks the download button; the bytes that arrive as a file of that name. */
async function download(name: string, size: number): Promise<Buffer> {
  await page.evaluate(`document.getElementById("download").click()`);
  const path = join(downloads, name);
  await expect.poll(() => existsSync(path) && statSync(path).size, { timeout: 60_000 }).toBe(size);
  return readFileSync(path);
}

const key = async (name: string): Promise<void> => {
  for (const type of ["keyDown", "keyUp"]) await page.send("Input.dispatchKeyEvent", { type, key: name, code: name });
};

const board = `/dts-v1/;

/ {
	#address-cells = <1>;
	#size-cells = <1>;
	model = "Board";
	console = <&uart>;

	uart: serial@1000 {
		reg = <0x1000 0x100>;
	};
};
`;

describe.skipIf(browserPath === undefined)("the playground in Chromium", { timeout: 300_000 }, () => {
  beforeAll(async () => {
    mkdirSync(downloads);
    execFileSync(process.execPath, [join(root, "compiler/dtc-js/playground/build.mjs"), site]);
    server = await serve(site);
    ({ page, stop } = await startBrowser(join(made, "profile"), downloads));
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  }, 300_000);

  afterAll(async () => {
    await stop();
    server.close();
  });

  it("begins with an example that is sound", async () => {
    await page.until(`${text("status")}.startsWith("Blob of")`);
    expect(await read("diagnostics")).toBe("Nothing is wrong.");
    expect(await read("tree")).toContain("interrupt-controller@8000000");
  });

  it("shows tree, blob and decompiled source of what is pasted", async () => {
    await paste(board);
    const { value } = parse(board);
    const blob = encode(value ?? expect.fail("the source is sound"));
    expect(await read("status")).toBe(`Blob of ${blob.length} bytes, 0 errors, 0 warnings`);
    expect(await read("tree")).toContain("uart: serial@1000");
    expect(await read("tree")).toContain("reg = <0x1000 0x100>");
    expect(await read("blob")).toContain('FDT_PROP "model", 6 bytes');
    const decoded = decode(blob);
    expect(await read("reverse")).toBe(decoded.ok && print(decoded.value));
    expect(await download("source.dtb", blob.length)).toEqual(Buffer.from(blob));
  });

  it("leads from a diagnostic to its line", async () => {
    await paste(board.replace("<0x1000 0x100>", "<0x1000 oops>"));
    expect(await read("status")).toContain("No blob, 1 errors");
    expect(await read("diagnostics")).toContain("10:17 error");
    await page.evaluate(`document.querySelector("#diagnostics button").click()`);
    const selected = "(({ value, selectionStart, selectionEnd }) => value.slice(selectionStart, selectionEnd))";
    expect(await page.evaluate(`${selected}(document.activeElement)`)).toBe("oops");
    await paste(board.replace("serial@1000", "serial"));
    expect(await read("diagnostics")).toContain(
      "9:2 warning /serial: node has a reg or ranges property, but no unit name",
    );
  });

  it("reads a dropped blob of Debian's kernel, and gives the same bytes back", async () => {
    await drop(vendorTree);
    const blob = readFileSync(vendorTree);
    expect(await read("status")).toContain(`Blob of ${blob.length} bytes, 0 errors`);
    expect(await read("reverse")).toContain('model = "Texas Instruments AM625 SK"');
    expect(await page.evaluate(`document.getElementById("source").value`)).toBe(await read("reverse"));
    expect(await download("k3-am625-sk.dtb", blob.length)).toEqual(blob);
    // What is decompiled there compiles to the same bytes once it is touched.
    await fill(await read("reverse"));
    expect(await read("status")).toContain(`Blob of ${blob.length} bytes`);
  });

  it("names the offset of what is wrong with a blob, and shows the place", async () => {
    const blob = Buffer.from(encode(parse(board).value ?? expect.fail("the source is sound")));
    blob.writeUInt32BE(7, blob.readUInt32BE(8) + 8);
    writeFileSync(join(made, "bad.dtb"), blob);
    await drop(join(made, "bad.dtb"));
    expect(await read("diagnostics")).toContain("is no token of the structure block");
    await page.evaluate(`document.querySelector("#diagnostics button").click()`);
    expect(await page.evaluate(`document.getElementById("blob").hidden`)).toBe(false);
    expect(await page.evaluate(`document.querySelector("#blob .found").textContent`)).toContain("no token: 0x7");
  });

  it("bounds what it takes", async () => {
    writeFileSync(join(made, "large.dtb"), new Uint8Array(2 ** 21 + 1));
    await drop(join(made, "large.dtb"));
    expect(await read("diagnostics")).toContain("large.dtb: 2097153 bytes are too much for this page");
    await fill(`/dts-v1/; / { ${"n { ".repeat(2000)}`);
    expect(await read("status")).toContain("No blob");
    await fill(`/dts-v1/; / {${Array.from({ length: 20_000 }, (_, index) => `n${index} { };`).join("")}};`);
    expect(await read("status")).toContain("Blob of");
    expect(await page.evaluate(`document.querySelectorAll("*").length`)).toBeLessThan(6000);
  });

  it("says what it cannot read, and goes on with the next", async () => {
    await paste(board);
    mkdirSync(join(made, "folder.dtb"));
    await drop(join(made, "folder.dtb"));
    expect(await read("status")).toBe("No blob, 1 errors, 0 warnings");
    expect(await read("diagnostics")).toContain("folder.dtb: it cannot be read");
    for (const [name, said] of [
      ["empty.dtb", "the blob has 0 bytes"],
      ["empty.dts", 'a source begins with "/dts-v1/;"'],
    ] as const) {
      writeFileSync(join(made, name), "");
      await drop(join(made, name));
      expect(await read("diagnostics")).toContain(said);
    }
    truncateSync(join(made, "empty.dtb"), 100 * 2 ** 20);
    await drop(join(made, "empty.dtb"));
    expect(await read("diagnostics")).toContain("empty.dtb: 104857600 bytes are too much for this page");
    await drop(vendorTree, join(made, "bad.dtb"));
    expect(await read("status")).toContain(", 0 errors");
    expect(await read("diagnostics")).toContain("2 files were given: only k3-am625-sk.dtb is shown");
  });

  it("shows what came last, though it is read more quickly than what came before", async () => {
    await page.evaluate(`{
      const read = Blob.prototype.arrayBuffer;
      globalThis.slow = undefined;
      Blob.prototype.arrayBuffer = function () {
        Blob.prototype.arrayBuffer = read;
        const done = new Promise((resolve) => { globalThis.go = resolve; });
        globalThis.slow = done.then(() => read.call(this));
        return globalThis.slow;
      };
    }`);
    const data = { items: [], files: [vendorTree], dragOperationsMask: 1 };
    for (const type of ["dragEnter", "dragOver", "drop"]) {
      await page.send("Input.dispatchDragEvent", { type, x: 300, y: 300, data });
    }
    await page.until(`globalThis.slow !== undefined`);
    await paste(board);
    const status = await read("status");
    await page.evaluate(`globalThis.go(); globalThis.slow.then(() => new Promise((done) => setTimeout(done, 500)))`);
    expect(await read("status")).toBe(status);
    expect(await page.evaluate(`document.getElementById("source").value`)).toBe(board);
    // And what was typed just before a file came does not come back.
    await page.evaluate(`{ const area = document.getElementById("source"); area.value = "typed";
      area.dispatchEvent(new Event("input")); }`);
    await drop(vendorTree);
    await page.evaluate(`new Promise((done) => setTimeout(done, 500))`);
    expect(await read("reverse")).toContain("Texas Instruments");
  });

  it("never takes input for markup", async () => {
    const markup = `<img src=x onerror=alert(1)><script>alert(2)</script>`;
    await paste(`/dts-v1/; / { model = ${JSON.stringify(markup)}; };`);
    expect(await read("tree")).toContain(markup);
    await paste(`/dts-v1/; / { a = <${markup}>; };`);
    const named = Buffer.from(encode(parse(`/dts-v1/; / { aaaa { b = <1>; }; };`).value ?? expect.fail("sound")));
    named.write("<i/>", named.indexOf("aaaa"), "latin1");
    writeFileSync(join(made, "<img src=x onerror=alert(3)>.dtb"), named);
    await drop(join(made, "<img src=x onerror=alert(3)>.dtb"));
    expect(await read("tree")).toContain("<i/>");
    // Names of a blob, labels of its symbols, and what is said of both.
    const symbols = Buffer.from(
      encode(
        parse(`/dts-v1/; / { aaaa: bbbb { }; __symbols__ { aaaa = "/bbbb"; cccc = "/dddd"; }; };`).value ??
          expect.fail("sound"),
      ),
    );
    for (const [old, name] of [
      ["aaaa", "<b/>"],
      ["bbbb", "<u/>"],
      ["cccc", "<s/>"],
      ["dddd", "<q/>"],
    ] as const) {
      for (let at = symbols.indexOf(old); at >= 0; at = symbols.indexOf(old)) symbols.write(name, at, "latin1");
    }
    writeFileSync(join(made, "symbols.dtb"), symbols);
    await drop(join(made, "symbols.dtb"));
    expect(await read("tree")).toContain("<u/>");
    expect(await page.evaluate(`document.querySelectorAll("main b, main u, main s, main q").length`)).toBe(0);
    expect(await page.evaluate(`document.querySelectorAll("main img, main script, main i").length`)).toBe(0);
  });

  it("is worked by the keyboard", async () => {
    await page.evaluate(`document.getElementById("tab-tree").click(); document.getElementById("tab-tree").focus()`);
    await key("ArrowRight");
    expect(await page.evaluate(`document.activeElement.id`)).toBe("tab-blob");
    expect(await page.evaluate(`document.getElementById("blob").hidden`)).toBe(false);
    await key("End");
    expect(await page.evaluate(`document.getElementById("reverse").hidden`)).toBe(false);
    await key("ArrowRight");
    expect(await page.evaluate(`document.activeElement.getAttribute("aria-selected")`)).toBe("true");
    expect(await page.evaluate(`document.activeElement.id`)).toBe("tab-tree");
  });

  it("works from a folder, without a server", async () => {
    await page.goto(pathToFileURL(join(site, "index.html")).href);
    await page.until(`${text("status")}.startsWith("Blob of")`);
    await paste(board);
    expect(await read("tree")).toContain("serial@1000");
    expect(await page.evaluate(`getComputedStyle(document.querySelector("main")).display`)).toBe("grid");
  });

  it("asked for nothing but its own files, and never complained", () => {
    const other = page.requests.filter((url) => !/^(?:http:\/\/127\.0\.0\.1:|file:\/\/|data:,|blob:)/.test(url));
    expect(other).toEqual([]);
    expect(page.requests.length).toBeGreaterThan(5);
    expect(page.complaints).toEqual([]);
  });
});
