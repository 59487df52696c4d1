import type { Diagnostic } from "../diagnostic.ts";
import { countOf, formatPath, spanOf } from "./context.ts";
import type { RenderContext } from "./context.ts";

/** JUnit's XML: each diagnostic is a test case, which fails where it is an error; a sound system is one that passes. */
export function junit(diagnostics: readonly Diagnostic[], context: RenderContext): string {
  const cases =
    diagnostics.length === 0
      ? [`    <testcase classname="xenimg" name="sound"/>`]
      : diagnostics.map((it) => testCase(it, context));
  const counts = `tests="${cases.length}" failures="${countOf(diagnostics, "error")}" errors="0" skipped="0"`;
  return [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<testsuites ${counts}>`,
    `  <testsuite name="xenimg" ${counts}>`,
    ...cases,
    `  </testsuite>`,
    `</testsuites>`,
    "",
  ].join("\n");
}

function testCase(diagnostic: Diagnostic, context: RenderContext): string {
  const { code, severity, message, help } = diagnostic;
  const span = spanOf(diagnostic);
  const path = diagnostic.primary?.path;
  const place =
    span === undefined
      ? path === undefined
        ? ""
        : formatPath(path)
      : `${context.display(span.file)}:${span.start.line}:${span.start.column}`;
  const body = [place, message, help === undefined ? "" : `help: ${help}`].filter((line) => line !== "").join("\n");
  const name = `name="${escape(place === "" ? code : `${code} ${place}`)}"`;
  const inner =
    severity === "error"
      ? `<failure type="${code}" message="${escape(message)}">${escape(body)}</failure>`
      : `<system-out>${escape(`${severity}: ${body}`)}</system-out>`;
  return `    <testcase classname="xenimg" ${name}>${inner}</testcase>`;
}

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
/** XML 1.0 has no way to write most control characters, so they are shown as U+FFFD. */
const escape = (text: string): string =>
  // eslint-disable-next-line no-control-regex -- control characters are what this is about
  text.replace(/[&<>"]/g, (it) => entities[it] ?? it).replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F]/g, "\uFFFD");
