/** Which hypervisor the images are for; rules and limits differ by release. */
export type Target = { readonly hypervisor: "core" } | { readonly hypervisor: "xen"; readonly version: XenVersion };

export const xenVersions = ["4.17", "4.18", "4.19", "4.20", "4.21", "4.22"] as const;
export type XenVersion = (typeof xenVersions)[number];

export const formatTarget = (target: Target): string =>
  target.hypervisor === "core" ? "core" : `xen@${target.version}`;
