import type { PvLink } from "../ir/pv.ts";
import type { Statement } from "./fact.ts";

/** A link is something that both ends can reach each other by. Several of a kind are told apart by their order. */
export function linkStatements(name: string, links: readonly PvLink[]): readonly Statement[] {
  const seen = new Map<string, number>();
  return links.flatMap((link) => {
    const { backend, frontend, kind, ...rest } = link;
    if (backend !== name && frontend !== name) return [];
    const what = backend === name ? `PV ${kind} to ${frontend}` : `PV ${kind} from ${backend}`;
    const count = (seen.get(what) ?? 0) + 1;
    seen.set(what, count);
    const value = ["linked", ...Object.entries(rest).map(([field, value]) => `${field} ${value}`)].join(", ");
    return [{ what: count === 1 ? what : `${what}, ${count}`, value, right: true } as const];
  });
}
