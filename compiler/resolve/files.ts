import { diagnose } from "../diagnostics/catalogue.ts";
import type { Diagnostic, Label } from "../diagnostics/diagnostic.ts";
import type { Host } from "../ir/host.ts";
import type { InputFile } from "../ir/input-file.ts";

/** Reads input files, each once, and keeps what was wrong with them. */
export interface FileReader {
  /** `what` as messages call it: "the kernel". Undefined after a diagnostic. */
  readonly read: (what: string, path: string, primary: Label, named?: "devices") => Promise<InputFile | undefined>;
  readonly diagnostics: readonly Diagnostic[];
}

export function fileReader(host: Host): FileReader {
  const answers = new Map<string, ReturnType<Host["readFile"]>>();
  const diagnostics: Diagnostic[] = [];
  return {
    diagnostics,
    read: async (what, path, primary, named) => {
      const pending = answers.get(path) ?? host.readFile(path);
      answers.set(path, pending);
      const answer = await pending;
      if (answer.kind === "ok" && answer.bytes.length > 0) return { path, bytes: answer.bytes };
      diagnostics.push(
        answer.kind === "ok"
          ? diagnose("XI2003", { what, path }, { primary })
          : answer.kind === "missing"
            ? diagnose("XI2001", { what, path, ...(named && { named }) }, { primary })
            : diagnose("XI2002", { what, path, reason: answer.reason }, { primary }),
      );
      return undefined;
    },
  };
}
