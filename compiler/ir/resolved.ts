import type { Range } from "../base/ranges.ts";
import type { ByteSize, PhysAddr } from "../base/units.ts";
import type { Board } from "./board.ts";
import type { AssignedDevices } from "./devices.ts";
import type { DomainOptions } from "./domain-options.ts";
import type { InputFile } from "./input-file.ts";
import type { PvLink } from "./pv.ts";
import type { Target } from "./target.ts";

/** After RESOLVE: each name points at a thing that exists, each file has been read, board facts come from its tree. */
export interface ResolvedSystem {
  /** The config's base name: `board.ts` gives "board". Names the output folder. */
  readonly name: string;
  readonly target: Target;
  readonly board: BoardFacts;
  /** Below 2^32. Images with a lower one are older; 0 is the same as none. */
  readonly rollbackIndex: number;
  readonly hypervisor: ResolvedHypervisor;
  readonly cpupools: readonly ResolvedPool[];
  readonly domains: readonly ResolvedDomain[];
  readonly sharedMemory: readonly SharedMemory[];
  readonly eventChannels: readonly EventChannel[];
  /** Each domain exists. */
  readonly pv: readonly PvLink[];
}

/** The two ends of a channel, as they are written; each domain exists. */
export type EventChannel = readonly [Port, Port];

export interface Port {
  readonly domain: string;
  /** 1 to 1023; absent: LAYOUT finds one. */
  readonly port?: number;
}

/** Memory that several domains see, by the name under which the guests find it; each domain exists. */
export interface SharedMemory {
  readonly name: string;
  readonly size: ByteSize;
  readonly at?: PhysAddr;
  /** One address for all, or by the names of domains; numbers of guest addresses, for direct-mapped ones the machine's. */
  readonly guestAt?: number | ReadonlyMap<string, number>;
  readonly owner?: string;
  readonly borrowers: readonly string[];
}

/** What the compiler knows of the machine, read from the board's own device tree. */
export interface BoardFacts {
  readonly profile: Board;
  /** The profile's tree, as the board's firmware hands it on. */
  readonly deviceTree: Uint8Array;
  /** The path by which the configuration names the profile's tree; absent where a profile makes it. */
  readonly deviceTreePath?: string;
  readonly ram: readonly Range<PhysAddr>[];
  /** /memreserve/ and /reserved-memory, with the node or entry that says so. */
  readonly reserved: readonly NamedRange[];
  readonly cpus: readonly BoardCpu[];
  readonly clusters: readonly BoardCluster[];
  readonly gic: BoardGic;
  /** Numbers of private interrupts (INTID less 16), as far as the tree tells. */
  readonly ppis: { readonly maintenance?: number; readonly virtualTimer?: number; readonly hypervisorTimer?: number };
  /** How the firmware's PSCI is called; absent where there is none. */
  readonly psci?: "smc" | "hvc";
  /** Whether there is a node of the generic timer. */
  readonly timer: boolean;
  /** Of nodes within one another below the root, at the deepest. */
  readonly levels: number;
  /** What /chosen/stdout-path names, as a path. */
  readonly stdout?: string;
  /** The UART that the hypervisor's console uses, if any. */
  readonly console?: {
    readonly path: string;
    readonly mmio: Range<PhysAddr>;
    /** Its interrupt, as a number of the GIC binding's first kind (INTID less 32); absent where it has none. */
    readonly spi?: number;
  };
  /** Paths of the enabled UARTs that the core drives, in the tree's order; without better advice it takes the first. */
  readonly uarts: readonly string[];
  /** Paths of the enabled IOMMUs that upstream Xen drives. */
  readonly iommus: readonly string[];
  /** Every `reg` of the tree that is neither RAM nor reserved: device registers. */
  readonly mmio: readonly NamedRange[];
}

export interface NamedRange extends Range<PhysAddr> {
  readonly name: string;
}

export interface BoardCpu {
  readonly label: string;
  /** Path of the node in the board's tree: "/cpus/cpu@0". */
  readonly path: string;
  /** MPIDR affinity bits, the node's `reg`. */
  readonly mpidr: number;
  /** All of the node's `compatible`. */
  readonly compatible: readonly string[];
  /** What it is: the first of the node's `compatible`, "arm,cortex-a53"; absent where the tree does not say. */
  readonly model?: string;
  /** Bits of a physical address; absent for a core that is not known. */
  readonly addressBits?: number;
}

/** Devicetree binding cpu/cpu-topology.txt. */
export interface BoardCluster {
  /** Path below cpu-map: "socket0/cluster1". */
  readonly name: string;
  readonly cpus: readonly BoardCpu[];
}

export type BoardGic =
  | {
      readonly version: 2;
      readonly distributor: Range<PhysAddr>;
      readonly cpuInterface: Range<PhysAddr>;
      /** What its guests have for a CPU interface; absent where the tree tells of no virtualization. */
      readonly virtualInterface?: Range<PhysAddr>;
    }
  | { readonly version: 3; readonly distributor: Range<PhysAddr>; readonly redistributors: readonly Range<PhysAddr>[] };

export interface ResolvedHypervisor {
  readonly image: HypervisorImage;
  /** /chosen xen,xen-bootargs. */
  readonly bootargs: string;
  readonly staticHeap: readonly Range<PhysAddr>[];
  readonly xsmPolicy?: InputFile;
}

export interface HypervisorImage {
  readonly file: InputFile;
  /** Ours (linkable into image.bin) or a foreign one (upstream Xen). */
  readonly kind: "core" | "xen";
  /** Bytes from load address that the running image owns, BSS included (arm64 Image header, image_size). */
  readonly imageSize: ByteSize;
}

export interface ResolvedPool {
  readonly name: string;
  readonly cpus: readonly BoardCpu[];
  readonly scheduler: "null" | "credit" | "credit2" | "rtds" | "arinc653" | undefined;
  readonly schedule: Schedule | undefined;
}

/** The table of the arinc653 scheduler. */
export interface Schedule {
  /** µs. */
  readonly majorFrame: number;
  readonly windows: readonly Window[];
}

export interface Window {
  /** Nobody where it is left out. */
  readonly domain?: string | undefined;
  readonly vcpu: number;
  /** µs. */
  readonly duration: number;
}

/** µs in each so many µs. */
export interface Reservation {
  readonly budget: number;
  readonly period: number;
}

export interface ResolvedVcpu {
  readonly affinity: readonly BoardCpu[] | undefined;
  readonly rtds: Reservation | undefined;
}

export interface ResolvedDomain extends DomainOptions {
  readonly name: string;
  readonly kernel: KernelImage;
  readonly ramdisk?: InputFile;
  readonly bootargs?: string;
  /** Number of vCPUs. */
  readonly cpus: number;
  readonly memory: DomainMemory;
  readonly directMap: boolean;
  readonly vpl011: boolean;
  /** xen,enhanced. */
  readonly enhanced?: Enhanced;
  /** The pool the user chose; without one the domain runs in Pool-0. */
  readonly pool?: ResolvedPool;
  /** Of the credit2 scheduler; absent: 256, and no cap (percent of one CPU). */
  readonly weight?: number;
  readonly cap?: number;
  readonly passthrough?: AssignedDevices;
  /** Of the rtds scheduler; absent: its default. */
  readonly rtds?: Reservation;
  /** What differs, from the first vCPU on. */
  readonly vcpus: readonly ResolvedVcpu[];
  readonly onShutdown: ShutdownActions;
}

/** Xen's interfaces for a guest: all of them, all but XenStore, all as before 4.21. */
export type Enhanced = "enabled" | "no-xenstore" | "legacy";

/** What follows when a domain has shut down; absent: what xl.cfg(5) has as default. */
export type ShutdownActions = Partial<Record<ShutdownReason, "destroy" | "preserve" | "restart">>;
export type ShutdownReason = "poweroff" | "reboot" | "crash" | "watchdog";

export type DomainMemory =
  | { readonly kind: "sized"; readonly size: ByteSize }
  | { readonly kind: "static"; readonly banks: readonly Range<PhysAddr>[] };

/** What the header of an arm64 Image says. */
export interface Arm64Image {
  readonly textOffset: number;
  readonly imageSize: ByteSize;
  readonly littleEndian: boolean;
  /** A core of ours, alone or with modules: it runs at EL2. */
  readonly hypervisor: boolean;
  /** With a PE header for EFI firmware, as kernels of operating systems have it. */
  readonly efiStub?: true;
}

/** What the kernel file was recognised as; that the hypervisor cannot load it is a diagnostic of CHECK. */
export interface KernelImage {
  readonly file: InputFile;
  readonly format:
    | ({ readonly kind: "arm64-image" } & Arm64Image)
    /** gzip around an arm64 Image; `unpackedSize` is what comes out. */
    | { readonly kind: "gzip"; readonly unpackedSize: ByteSize; readonly inner?: Arm64Image }
    /** U-Boot's legacy image for arm64, plain or gzip inside. `load` is its load address, 0 for none. */
    | { readonly kind: "uimage"; readonly load?: number; readonly inner?: Arm64Image }
    | { readonly kind: "zimage" }
    | { readonly kind: "elf" }
    | { readonly kind: "unknown" };
}

/** The arm64 Image that the guest runs, whatever it is packed in. */
export function guestImage({ format }: KernelImage): Arm64Image | undefined {
  return format.kind === "arm64-image" ? format : "inner" in format ? format.inner : undefined;
}
