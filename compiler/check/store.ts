import type { ResolvedSystem } from "../ir/resolved.ts";

/** The core has a XenStore where there are PV links, for every domain that asks for one (docs/decisions/0012). */
export const servesStore = ({ target, pv }: ResolvedSystem): boolean => target.hypervisor === "core" && pv.length > 0;
