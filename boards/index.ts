/** What `import … from "xenimg/boards"` gives: one function per board. */
export { qemuVirt } from "./qemu-virt/profile.ts";
export type { CpuLabel, QemuVirtParameters } from "./qemu-virt/profile.ts";
export type { VendorBoardParameters } from "./vendor.ts";
export { xlnxZcu102 } from "./xlnx-zcu102/profile.ts";
