/** What `import … from "xenimg/boards"` gives: one function per board. */
export { am62xSk } from "./am62x-sk/profile.ts";
export { imx8mpEvk } from "./imx8mp-evk/profile.ts";
export { qemuVirt } from "./qemu-virt/profile.ts";
export type { CpuLabel, QemuVirtParameters } from "./qemu-virt/profile.ts";
export { raspberryPi4 } from "./raspberrypi-4/profile.ts";
export type { RaspberryPi4Parameters } from "./raspberrypi-4/profile.ts";
export { rcarH3Salvator } from "./rcar-h3-salvator/profile.ts";
export type { VendorBoardParameters } from "./vendor.ts";
export { xlnxVersalVirt } from "./xlnx-versal-virt/profile.ts";
export type { XlnxVersalVirtParameters } from "./xlnx-versal-virt/profile.ts";
export { xlnxZcu102 } from "./xlnx-zcu102/profile.ts";
