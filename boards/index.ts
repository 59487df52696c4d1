/** What `import … from "xenimg/boards"` gives: one function per board. */
export { qemuVirt } from "./qemu-virt/profile.ts";
export type { CpuLabel, QemuVirtParameters } from "./qemu-virt/profile.ts";
