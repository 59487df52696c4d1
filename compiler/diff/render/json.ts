import type { DifferenceRenderer } from "./renderer.ts";

/** For programs: the changes by subject, as they are. */
export const json: DifferenceRenderer = (subjects) => `${JSON.stringify(subjects, undefined, 2)}\n`;
