/** Why an overlay cannot be applied, or is none: libfdt's code for it, and what it is about. */
export class OverlayError extends Error {
  readonly code: "FDT_ERR_NOTFOUND" | "FDT_ERR_BADOVERLAY" | "FDT_ERR_NOPHANDLES" | "FDT_ERR_NOSPACE";
  constructor(code: OverlayError["code"], message: string) {
    super(message);
    this.code = code;
  }
}
