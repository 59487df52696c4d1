import type { Renderer } from "./context.ts";
import { github } from "./github.ts";
import { json } from "./json.ts";
import { junit } from "./junit.ts";
import { pretty } from "./pretty.ts";
import { sarif } from "./sarif.ts";

export type { RenderContext } from "./context.ts";

export const renderers = { pretty, json, sarif, junit, github } as const satisfies Record<string, Renderer>;
export type DiagnosticFormat = keyof typeof renderers;
