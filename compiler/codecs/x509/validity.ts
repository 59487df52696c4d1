import type { Certificate } from "./certificate.ts";

/** A certificate's validity and a moment, in words. */
export function validityOf(
  { subjectText, notBefore, notAfter }: Certificate,
  now: number,
): { readonly certificate: string; readonly from: string; readonly to: string; readonly now: string } {
  return { certificate: subjectText, from: dateText(notBefore), to: dateText(notAfter), now: dateText(now) };
}

/** "2026-11-29T17:00:00Z"; certificates have years that dates do not. */
function dateText(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? "an unknown time" : date.toISOString().replace(/\.\d+/, "");
}
