import { button, element } from "./dom.ts";
import { describeBlob, type Item } from "./structure.ts";

/** Items on one page, and bytes of one item that are shown. */
const PAGE = 400;
const MAX_BYTES = 256;
const WIDTH = 16;

/** The blob's bytes, each stretch with what it means; `offset` is marked, and its page is shown. */
export function showBlob(panel: HTMLElement, blob: Uint8Array, offset?: number): void {
  const items = describeBlob(blob);
  const found = offset === undefined ? -1 : items.findLastIndex((item) => item.offset <= offset);
  const turn = (first: number): void => {
    const shown = items.slice(first, first + PAGE);
    const rows = shown.map((item, index) => row(blob, item, first + index === found));
    panel.replaceChildren(...pager(items.length, first, turn), table(rows));
  };
  turn(Math.max(0, Math.floor(found / PAGE) * PAGE));
  panel.querySelector(".found")?.scrollIntoView({ block: "center" });
}

function pager(count: number, first: number, turn: (first: number) => void): readonly Node[] {
  if (count <= PAGE) return [];
  const back = button("Back", () => {
    turn(first - PAGE);
  });
  const on = button("On", () => {
    turn(first + PAGE);
  });
  back.disabled = first === 0;
  on.disabled = first + PAGE >= count;
  const text = `${first + 1} to ${Math.min(count, first + PAGE)} of ${count}`;
  const made = element("nav", "", back, on, text);
  made.setAttribute("aria-label", "Pages of the blob");
  return [made];
}

function table(rows: readonly Node[]): HTMLElement {
  const heads = ["Offset", "Bytes", "Text", "Meaning"].map((name) => {
    const head = element("th", "", name);
    head.scope = "col";
    return head;
  });
  return element("table", "", element("thead", "", element("tr", "", heads)), element("tbody", "", rows));
}

function row(blob: Uint8Array, { offset, length, meaning }: Item, found: boolean): HTMLElement {
  const bytes = blob.subarray(offset, offset + Math.min(length, MAX_BYTES));
  const lines = Array.from({ length: Math.ceil(bytes.length / WIDTH) }, (_, index) =>
    bytes.subarray(index * WIDTH, (index + 1) * WIDTH),
  );
  const offsets = lines.map((_, index) => (offset + index * WIDTH).toString(16).padStart(6, "0"));
  const hidden = length - bytes.length;
  return element(
    "tr",
    found ? "found" : "",
    element("td", "code", offsets.join("\n")),
    element("td", "", lines.map(hexLine).join("\n"), hidden > 0 ? `\n… ${hidden} more bytes` : ""),
    element("td", "code", lines.map(textLine).join("\n")),
    element("td", "", meaning),
  );
}

const hexLine = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");

const textLine = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "·")).join("");
