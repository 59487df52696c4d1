import type { SharedMemoryInput } from "../config/input.ts";

/** Where domains see one memory, as a person would write it: one address if it is the same for all. */
export function guestAddresses(
  views: readonly { readonly domain: string; readonly at: number }[],
): Pick<SharedMemoryInput, "guestAt"> {
  const [first] = views;
  if (first === undefined) return {};
  if (views.every(({ at }) => at === first.at)) return { guestAt: first.at };
  return { guestAt: Object.fromEntries(views.map(({ domain, at }) => [domain, at])) };
}
