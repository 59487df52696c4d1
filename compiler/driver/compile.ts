import type { Host } from "../ir/host.ts";
import type { CompileRequest } from "./request.ts";
import type { CheckResult, CompileResult } from "./result.ts";

/** Everything short of images: parse, resolve, check, place, check again. */
export function check(_host: Host, _request: CompileRequest): Promise<CheckResult> {
  return Promise.reject(new Error("check follows"));
}

/** From a configuration to the files of its output folder. */
export function compile(_host: Host, _request: CompileRequest): Promise<CompileResult> {
  return Promise.reject(new Error("compile follows"));
}
