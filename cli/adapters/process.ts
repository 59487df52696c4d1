/** How an outside program ended. Four answers, so that no caller forgets one. */
export type ToolResult =
  | { readonly kind: "ok"; readonly stdout: string; readonly stderr: string }
  | { readonly kind: "missing" }
  | { readonly kind: "failed"; readonly reason: string; readonly stderr: string }
  | { readonly kind: "timed-out"; readonly seconds: number };

/** Runs a program to its end, by name and argument array, never through a shell. */
export async function runTool(program: string, args: readonly string[], seconds: number): Promise<ToolResult> {
  const { execa } = await import("execa");
  const result = await execa(program, args, {
    reject: false,
    timeout: seconds * 1000,
    forceKillAfterDelay: 500,
    stdin: "ignore",
  });
  if (result.timedOut) return { kind: "timed-out", seconds };
  if (isMissing(result)) return { kind: "missing" };
  if (!result.failed) return { kind: "ok", stdout: result.stdout, stderr: result.stderr };
  return { kind: "failed", reason: endOf(result), stderr: result.stderr };
}

/** Whether execa could not start the program because there is none. */
export const isMissing = (result: { readonly code?: string | undefined }): boolean => result.code === "ENOENT";

/** "exit code 1", "killed by SIGKILL", or why the program did not start. */
export function endOf(result: {
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  readonly shortMessage?: string | undefined;
}): string {
  if (result.signal !== undefined) return `killed by ${result.signal}`;
  if (result.exitCode !== undefined) return `exit code ${result.exitCode}`;
  return result.shortMessage ?? "it could not be started";
}
