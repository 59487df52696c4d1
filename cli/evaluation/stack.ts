import { packageRoot } from "../adapters/package.ts";
import type { Frame } from "./protocol.ts";
import { originalPlace } from "./places.ts";

/** Our own code, built or as sources, and the packages beside it. */
const oursPattern = /^\/(?:node_modules|dist|cli|compiler|boards)\//;

/** The stack's lines in the user's files, innermost first. */
export const framesOf = (stack: string): Frame[] =>
  [...stack.matchAll(/^\s+at (?:async )?(?:.*\()?(?:file:\/\/)?(\/[^():]+):(\d+):(\d+)\)?$/gm)]
    .map(([, file = "", line, column]) => ({ file, line: Number(line), column: Number(column) }))
    .filter(({ file }) => !isOurs(file))
    .map(originalPlace);

const isOurs = (file: string): boolean =>
  file.includes("/node_modules/") || (file.startsWith(packageRoot) && oursPattern.test(file.slice(packageRoot.length)));
