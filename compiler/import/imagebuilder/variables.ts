/** What becomes of a variable of ImageBuilder. */
export interface Variable {
  /** How many numbers its index has; "domain" is one, the number of a domain. */
  readonly index: "none" | "domain" | "pool" | "file" | "vcpu";
  /** Why it has no counterpart in `board.ts`; absent where it is translated. */
  readonly why?: string;
  /** Set where nothing is lost with it, whatever its value: it says how ImageBuilder's own output is to be made. */
  readonly needless?: true;
}

const none = { index: "none" } as const;
const ofDomain = { index: "domain" } as const;
const because = (why: string, index: Variable["index"] = "none"): Variable => ({ index, why });

const needless = (why: string): Variable => ({ ...because(why), needless: true });

const placed = "`xenimg build` decides where everything is loaded";
const oneImage = "one image holds everything, and any loader starts it as it starts Linux";
const noDom0 = "a system has no dom0, only domains of its own";
const noLinux = "it boots Linux without a hypervisor";
const written = "`xenimg build` has its own outputs, in the folder that -o names";
const ownFragments = "`xenimg build` makes the partial device trees of assigned devices itself";
const onlyXilinx = "only Xilinx' branch of Xen has it";
const overlay = "apply overlays to the device tree first, with fdtoverlay, and import with the result";
const diskImage = "it concerns the disk image of a toolstack";

/** Every variable of ImageBuilder, of 2023.2 and of later patches. */
export const variables: Readonly<Record<string, Variable>> = {
  MEMORY_START: none,
  MEMORY_END: needless(placed),
  LOAD_CMD: because("`xenimg build --format script --load` says how boot.scr loads"),
  XEN_LOAD: because(oneImage),
  DOM0_LOAD: because(oneImage),
  DOMU_LOAD: because(oneImage, "domain"),
  BOOT_CMD: because(oneImage),
  DEVICE_TREE: none,
  XEN: because("another hypervisor than the core is named by `xenimg build --hypervisor`"),
  XEN_CMD: none,
  XEN_COLORS: none,
  XEN_STATIC_HEAP: none,
  PASSTHROUGH_DTS_REPO: because(ownFragments),
  LOPPER_PATH: because(ownFragments),
  LOPPER_CMD: because(ownFragments),
  DOM0_KERNEL: because(noDom0),
  DOM0_MEM: because(noDom0),
  DOM0_VCPUS: because(noDom0),
  DOM0_COLORS: because(noDom0),
  DOM0_VIOMMU: because(noDom0),
  DOM0_CMD: because(noDom0),
  DOM0_RAMDISK: because(noDom0),
  DOM0_ROOTFS: because(noDom0),
  NUM_DT_OVERLAY: because(overlay),
  DT_OVERLAY: because(overlay, "file"),
  NUM_DOMUS: none,
  DOMU_KERNEL: ofDomain,
  DOMU_CMD: ofDomain,
  DOMU_RAMDISK: ofDomain,
  DOMU_ROOTFS: ofDomain,
  DOMU_NOBOOT: ofDomain,
  DOMU_PASSTHROUGH_PATHS: ofDomain,
  DOMU_PASSTHROUGH_DTB: ofDomain,
  DOMU_PASSTHROUGH_PROP: ofDomain,
  DOMU_MEM: ofDomain,
  DOMU_VCPUS: ofDomain,
  DOMU_VCPU_HARD_AFFINITY: { index: "vcpu" },
  DOMU_COLORS: ofDomain,
  DOMU_STATIC_MEM: ofDomain,
  DOMU_DIRECT_MAP: ofDomain,
  DOMU_SHARED_MEM: ofDomain,
  DOMU_STATIC_EVTCHNS: ofDomain,
  DOMU_ENHANCED: ofDomain,
  DOMU_GRANT_VER: ofDomain,
  DOMU_GRANT_FRAMES: ofDomain,
  DOMU_MAPTRACK_FRAMES: ofDomain,
  DOMU_VPL011: ofDomain,
  DOMU_VUART_PL011: because(onlyXilinx, "domain"),
  DOMU_VIOMMU: because(onlyXilinx, "domain"),
  DOMU_CPUPOOL: ofDomain,
  CPUPOOL: { index: "pool" },
  NUM_CPUPOOLS: none,
  DOMU_CAPS: ofDomain,
  DOMU_DOMID: ofDomain,
  DOMU_TRAP_UNMAP: ofDomain,
  DOMU_P2M_MEM_MB: ofDomain,
  DOMU_DRIVER_DOMAIN: because(diskImage, "domain"),
  LINUX: because(noLinux),
  LINUX_CMD: because(noLinux),
  LINUX_RAMDISK: because(noLinux),
  LINUX_ROOTFS: because(noLinux),
  BITSTREAM: because("the boot loader programs the FPGA; add its `fpga load` to your boot script"),
  NUM_BOOT_AUX_FILE: because(diskImage),
  BOOT_AUX_FILE: because(diskImage, "file"),
  GPT: because(diskImage),
  UBOOT_SOURCE: needless(written),
  UBOOT_SCRIPT: needless(written),
  APPEND_EXTRA_CMDS: because("commands of a boot script are the boot script's; add them there"),
  FDTEDIT: because(written),
  FIT: because(written),
  FIT_ENC_KEY_DIR: because(written),
  FIT_ENC_UB_DTB: because(written),
  DBG_FDT_PRINT_CHOSEN: because("`system.dts` in the output folder shows /chosen"),
  // Not ImageBuilder's: `xenimg export` keeps names in them.
  XENIMG_DOMU_NAME: ofDomain,
  XENIMG_CPUPOOL_NAME: { index: "pool" },
};
