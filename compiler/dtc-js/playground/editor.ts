import { byId } from "./dom.ts";

/** The source with its line numbers. */
export interface Editor {
  text(): string;
  /** Puts a text in; nobody is told of it. */
  set(text: string): void;
  /** Selects a stretch, and brings its line into view. */
  select(start: number, end: number): void;
}

export function setUpEditor(changed: (text: string) => void): Editor {
  const area = byId("source", HTMLTextAreaElement);
  const gutter = byId("gutter", HTMLPreElement);
  let lines = 0;
  const number = (): void => {
    const count = area.value.split("\n").length;
    if (count === lines) return;
    lines = count;
    gutter.textContent = `${Array.from({ length: count }, (_, index) => index + 1).join("\n")}\n`;
  };
  const follow = (): void => {
    gutter.scrollTop = area.scrollTop;
  };
  area.addEventListener("scroll", follow);
  area.addEventListener("input", () => {
    number();
    changed(area.value);
  });
  number();
  return {
    text: () => area.value,
    set: (text) => {
      area.value = text;
      number();
      area.scrollTop = 0;
      follow();
    },
    select: (start, end) => {
      area.focus();
      area.setSelectionRange(start, end);
      const height = area.scrollHeight / Math.max(1, lines);
      const line = area.value.slice(0, start).split("\n").length;
      area.scrollTop = Math.max(0, line * height - area.clientHeight / 2);
      follow();
    },
  };
}
