import type { Problem } from "./compile.ts";
import { appendSome, button, element } from "./dom.ts";

/** The list of what is wrong; each leads to its place. */
export function showProblems(list: HTMLElement, problems: readonly Problem[], go: (problem: Problem) => void): void {
  if (problems.length === 0) {
    list.replaceChildren(element("li", "note", "Nothing is wrong."));
    return;
  }
  list.replaceChildren();
  appendSome(
    list,
    problems,
    (problem) => {
      const entry = button("", () => {
        go(problem);
      });
      entry.append(
        placeOf(problem),
        element("span", problem.severity, problem.severity),
        ` ${problem.message} `,
        element("span", "code", problem.code),
      );
      return element("li", "", entry);
    },
    200,
  );
}

function placeOf({ place, blobOffset }: Problem): string {
  if (place) return `${place.line}:${place.column} `;
  return blobOffset === undefined ? "" : `byte 0x${blobOffset.toString(16)} `;
}
