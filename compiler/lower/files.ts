import type { PlacedSystem } from "../ir/placed.ts";
import type { LoadedFile } from "../ir/plan.ts";

/** Hypervisor, device tree and modules as the files that a boot loader would load, each to its own address. */
export function loadedFiles(placed: PlacedSystem): readonly LoadedFile[] {
  const { image } = placed.resolved.hypervisor;
  return [
    {
      path: "hypervisor.img",
      at: placed.hypervisor.start,
      owner: "hypervisor",
      content: { kind: "bytes", bytes: image.file.bytes },
    },
    { path: "system.dtb", at: placed.deviceTree.start, owner: "device tree", content: { kind: "system-tree" } },
    ...placed.modules.map(({ domain, kind, file, at }): LoadedFile => ({
      path: kind === "passthrough" ? file.path : `modules/${domain}-${kind}`,
      at: at.start,
      owner: `${domain}/${kind}`,
      content: { kind: "bytes", bytes: file.bytes },
    })),
  ];
}
