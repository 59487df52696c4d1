import type { ResolvedSystem } from "../ir/resolved.ts";

/** A name for a node of ours in /chosen, where the domains' nodes have their domains' names. */
export function freeNodeName(wanted: string, { domains }: ResolvedSystem): string {
  let name = wanted;
  while (domains.some((domain) => domain.name === name)) name += "-";
  return name;
}
