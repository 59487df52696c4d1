import { byId } from "./dom.ts";

/** The tabs of the result, as the ARIA Authoring Practices have them: arrows, Home and End move, one tab stop. */
export function setUpTabs(names: readonly string[]): (name: string) => void {
  const tabs = names.map((name) => byId(`tab-${name}`, HTMLButtonElement));
  const select = (name: string, focus = false): void => {
    for (const [index, tab] of tabs.entries()) {
      const chosen = names[index] === name;
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
      byId(names[index] ?? "", HTMLDivElement).hidden = !chosen;
      if (chosen && focus) tab.focus();
    }
  };
  for (const [index, tab] of tabs.entries()) {
    tab.addEventListener("click", () => {
      select(names[index] ?? "");
    });
    tab.addEventListener("keydown", ({ key }) => {
      const to = { ArrowLeft: index - 1, ArrowRight: index + 1, Home: 0, End: names.length - 1 }[key];
      if (to !== undefined) select(names.at(to % names.length) ?? "", true);
    });
  }
  return select;
}
