import { compileSource, readBlob, tooLarge, type Outcome, type Problem } from "./compile.ts";
import { byId, element } from "./dom.ts";
import { setUpEditor } from "./editor.ts";
import { example } from "./example.ts";
import { showBlob } from "./hex-view.ts";
import { showProblems } from "./problems-view.ts";
import { setUpTabs } from "./tabs.ts";
import { showTree } from "./tree-view.ts";

/** Milliseconds without a key stroke before the source is compiled. */
const PAUSE = 200;

const status = byId("status", HTMLParagraphElement);
const download = byId("download", HTMLButtonElement);
const select = setUpTabs(["tree", "blob", "reverse"]);
let outcome: Outcome = { problems: [] };
let name = "source.dtb";
let waiting: ReturnType<typeof setTimeout> | undefined;
/** Counts what was given to the page: a file that is read slowly does not replace what came after it. */
let given = 0;

const editor = setUpEditor((text) => {
  given++;
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    showSource(text);
  }, PAUSE);
});

function showSource(text: string): void {
  show(compileSource(text));
}

function show(next: Outcome): void {
  outcome = next;
  const { problems, tree, blob, reverse } = next;
  showProblems(byId("diagnostics", HTMLOListElement), problems, go);
  const panel = (id: string): HTMLDivElement => byId(id, HTMLDivElement);
  if (tree) showTree(panel("tree"), tree);
  else empty(panel("tree"));
  if (blob) showBlob(panel("blob"), blob);
  else empty(panel("blob"));
  if (reverse !== undefined) panel("reverse").replaceChildren(element("pre", "", reverse));
  else empty(panel("reverse"));
  download.disabled = blob === undefined;
  const errors = problems.filter(({ severity }) => severity === "error").length;
  const counts = `${errors} errors, ${problems.length - errors} warnings`;
  status.textContent = blob ? `Blob of ${blob.length} bytes, ${counts}` : `No blob, ${counts}`;
}

function empty(panel: HTMLElement): void {
  panel.replaceChildren(element("p", "note", "Nothing to show: see the diagnostics."));
}

/** To the place of a problem: in the source, or in the blob. */
function go({ place, blobOffset }: Problem): void {
  if (place) editor.select(place.start, place.end);
  if (blobOffset === undefined || !outcome.blob) return;
  select("blob");
  showBlob(byId("blob", HTMLDivElement), outcome.blob, blobOffset);
}

/** A blob by its magic number or its name; everything else is source. Of several files, the first. */
async function open(files: readonly File[]): Promise<void> {
  const [file] = files;
  if (!file) return;
  const mine = ++given;
  const large = tooLarge(file.size);
  const read = large === undefined ? await file.arrayBuffer().catch(() => undefined) : undefined;
  if (mine !== given) return;
  clearTimeout(waiting);
  if (!read) {
    const [code, why] = large === undefined ? ["unreadable", "it cannot be read"] : ["too-large", large];
    show({ problems: [{ severity: "error", code, message: `${file.name}: ${why}` }] });
    return;
  }
  const outcome = openBytes(file.name, new Uint8Array(read));
  show(
    files.length === 1 ? outcome : { ...outcome, problems: [onlyOne(files.length, file.name), ...outcome.problems] },
  );
}

const onlyOne = (count: number, shown: string): Problem => ({
  severity: "warning",
  code: "several-files",
  message: `${count} files were given: only ${shown} is shown`,
});

/** Puts what a file has into the editor. */
function openBytes(fileName: string, bytes: Uint8Array): Outcome {
  const blob = /\.dtbo?$/i.test(fileName) || (bytes[0] === 0xd0 && bytes[1] === 0x0d);
  name = blob ? fileName : fileName.replace(/(?:\.dts[io]?)?$/i, ".dtb");
  if (!blob) {
    editor.set(new TextDecoder().decode(bytes));
    return compileSource(editor.text());
  }
  const read = readBlob(bytes);
  editor.set(read.reverse ?? "");
  return read;
}

download.addEventListener("click", () => {
  if (!outcome.blob) return;
  const address = URL.createObjectURL(new Blob([new Uint8Array(outcome.blob)], { type: "application/octet-stream" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The browser has read it by then, or never will.
  setTimeout(() => {
    URL.revokeObjectURL(address);
  }, 60_000);
});

const files = byId("file", HTMLInputElement);
files.addEventListener("change", () => {
  // A copy: the list empties with the value.
  void open(Array.from(files.files ?? []));
  files.value = "";
});

for (const kind of ["dragenter", "dragover"] as const) {
  document.addEventListener(kind, (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    document.body.classList.add("dropping");
  });
}
document.addEventListener("dragleave", ({ relatedTarget }) => {
  if (relatedTarget === null) document.body.classList.remove("dropping");
});
document.addEventListener("drop", (event) => {
  document.body.classList.remove("dropping");
  const dropped = event.dataTransfer?.files;
  if (!dropped?.length) return;
  event.preventDefault();
  void open(Array.from(dropped));
});

const theme = byId("theme", HTMLButtonElement);
function setTheme(dark: boolean): void {
  document.documentElement.dataset["theme"] = dark ? "dark" : "light";
  theme.setAttribute("aria-pressed", String(dark));
}
theme.addEventListener("click", () => {
  setTheme(theme.getAttribute("aria-pressed") !== "true");
});
setTheme(matchMedia("(prefers-color-scheme: dark)").matches);

editor.set(example);
showSource(example);
