import type { Result } from "../diagnostic.ts";
import { answer, refusal } from "../result.ts";

/** Why an overlay cannot be applied, or is none: libfdt's code for it, and what it is about. */
export interface OverlayError {
  readonly code: "FDT_ERR_NOTFOUND" | "FDT_ERR_BADOVERLAY" | "FDT_ERR_NOPHANDLES" | "FDT_ERR_NOSPACE";
  readonly message: string;
}

/** Ends the work on an overlay; never leaves this folder. */
export class OverlayFault extends Error {
  readonly code: OverlayError["code"];
  constructor(code: OverlayError["code"], message: string) {
    super(message);
    this.code = code;
  }
}

/** What comes of the work, or what ended it. */
export function guarded<T>(work: () => T): Result<T, OverlayError> {
  try {
    return answer(work());
  } catch (fault) {
    if (!(fault instanceof OverlayFault)) throw fault;
    const { code, message } = fault;
    return refusal([{ code, message }]);
  }
}
