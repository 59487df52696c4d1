/** What `import … from "xenimg/boards"` gives: one function per board. */
export { qemuVirt } from "./qemu-virt/profile.ts";
export type { CpuLabel, QemuVirtParameters } from "./qemu-virt/profile.ts";
export type { VendorBoardParameters } from "./vendor.ts";
export { xlnxVersalVirt } from "./xlnx-versal-virt/profile.ts";
export type { XlnxVersalVirtParameters } from "./xlnx-versal-virt/profile.ts";
export { xlnxZcu102 } from "./xlnx-zcu102/profile.ts";
