import type { Board } from "../ir/board.ts";
import type { DomainOptionsInput } from "./input-options.ts";
import type { PvInput } from "./input-pv.ts";
import type { AddressInput, SizeInput } from "./input-quantity.ts";

export type { AddressInput, SizeInput } from "./input-quantity.ts";

/** A stretch of machine memory, placed by hand. */
export interface RegionInput {
  readonly at: AddressInput;
  readonly size: SizeInput;
}

/** A board profile's result, or one written by hand; there `deviceTree` may be the path of a blob. */
export type BoardInput<Cpu extends string = string, Device extends string = string> = Omit<
  Board<Cpu, Device>,
  "deviceTree"
> & { readonly deviceTree: Uint8Array | string };

export interface HypervisorInput {
  /** The hypervisor's own command line. Default: "console=dtuart". */
  readonly bootargs?: string;
  /** Memory that the hypervisor allocates from and nothing else uses. Default: all RAM that is left over. */
  readonly heap?: RegionInput | readonly RegionInput[];
  /** File of a compiled FLASK policy, for an upstream Xen that was built with XSM. Default: none. */
  readonly xsmPolicy?: string;
}

export const schedulers = ["null", "credit", "credit2", "rtds", "arinc653"] as const;
export type Scheduler = (typeof schedulers)[number];

/** µs that a vCPU may run in each so many µs. */
export interface ReservationInput {
  /** 10 to the period. Default: 4000. */
  readonly budget?: number;
  /** 100 to 1 000 000. Default: 10 000. */
  readonly period?: number;
}

/** A piece of a major frame. */
export interface WindowInput<Domain extends string = string> {
  /** A domain of this pool. Default: nobody, the CPU idles. */
  readonly domain?: Domain;
  /** Default: 0. */
  readonly vcpu?: number;
  /** µs, from 100 on. */
  readonly duration: number;
}

export interface ScheduleInput<Domain extends string = string> {
  /** µs after which the windows begin again. Default: the sum of the windows. */
  readonly majorFrame?: number;
  /** One after the other from the frame's begin, 64 at most. */
  readonly windows: readonly WindowInput<Domain>[];
}

export interface VcpuInput<Cpu extends string = string> {
  /** The CPUs of its pool that may run it. Default: all of them. */
  readonly affinity?: readonly Cpu[];
  /** Under rtds. Default: what the domain has. */
  readonly rtds?: ReservationInput;
}

export interface PoolInput<Cpu extends string = string, Domain extends string = string> {
  /** Labels of the board's CPUs, or the name of a cluster of its cpu-map; each CPU in at most one pool. */
  readonly cpus: readonly Cpu[] | `${string}cluster${number}`;
  /** Default: what the hypervisor's command line says (sched=), else credit2. */
  readonly scheduler?: Scheduler;
  /** Under arinc653, which needs it: who runs when. */
  readonly schedule?: ScheduleInput<Domain>;
}

/** "destroy" scrubs the domain's memory, "preserve" leaves it as it is, "restart" makes the domain again. */
export const shutdownActions = ["destroy", "preserve", "restart"] as const;
export type ShutdownAction = (typeof shutdownActions)[number];

export interface DomainInput<
  Pool extends string = string,
  Cpu extends string = string,
  Device extends string = string,
> extends DomainOptionsInput {
  /** Path of the kernel, relative to the configuration: an arm64 Image, plain or gzip-compressed. */
  readonly kernel: string;
  /** Path of the initial ramdisk. Default: none. */
  readonly ramdisk?: string;
  /** The kernel's command line. Default: none. */
  readonly bootargs?: string;
  /** Number of virtual CPUs. Default: 1. */
  readonly cpus?: number;
  /** A size, placed for you; or static banks of machine memory. */
  readonly memory: SizeInput | readonly RegionInput[];
  /** Guest addresses are machine addresses; needs static banks. Default: false. */
  readonly directMap?: boolean;
  /** An emulated SBSA UART (ttyAMA0), or no console. Default: "vpl011". */
  readonly console?: "vpl011" | "none";
  /**
   * Xen's paravirtual interfaces for the guest (xen,enhanced): all, all but XenStore, or all as before Xen 4.21, "legacy".
   * Default: none.
   */
  readonly enhanced?: boolean | "no-xenstore" | "legacy";
  /** The pool of CPUs to run in. Default: the pool that holds the boot CPU. */
  readonly pool?: Pool;
  /**
   * Under credit2: how much each vCPU counts against the others of the pool, 1 to 65535. Twice the weight is twice the
   * time, as long as all want more than they get. Default: 256.
   */
  readonly weight?: number;
  /** Under credit2: at most so much for all vCPUs together, in percent of one CPU, 1 to 3200. Default: no cap. */
  readonly cap?: number;
  /**
   * Devices of the board that are this domain's alone, by path, alias, label or node name; or the path of a partial device
   * tree (.dts or .dtb). Default: none.
   */
  readonly passthrough?: readonly (Device | `/${string}`)[] | string;
  /** Under rtds: the budget of each vCPU in each of its periods. */
  readonly rtds?: ReservationInput;
  /** What differs from vCPU to vCPU, from the first on. Default: []. */
  readonly vcpus?: readonly VcpuInput<Cpu>[];
  /** What follows when the domain has turned itself off. Default: "destroy". */
  readonly onPoweroff?: ShutdownAction;
  /** When it has asked for a reset. Default: "restart". */
  readonly onReboot?: ShutdownAction;
  /** When it has crashed, or did what no guest may. Default: "destroy". */
  readonly onCrash?: ShutdownAction;
  /** When it has not set its watchdog anew in time. Default: "destroy". */
  readonly onWatchdog?: ShutdownAction;
}

/**
 * A port of a domain: its label, and a number from 1 to 1023 by which the guest knows it; or the label alone, and the
 * lowest number that is free there is kept for it in the lock file.
 */
export type PortInput<Domain extends string = string> = Domain | readonly [domain: Domain, port: number];

export interface EventChannelInput<Domain extends string = string> {
  readonly from: PortInput<Domain>;
  readonly to: PortInput<Domain>;
}

/** Memory that several domains see. */
export interface SharedMemoryInput<Domain extends string = string> {
  readonly size: SizeInput;
  /** Machine address. Default: placed for you. */
  readonly at?: AddressInput;
  /**
   * Where every domain sees it, or each: `{ ui: 0x3400_0000 }`. Default, also of a domain that is not named: the machine
   * address where direct-mapped, else from 0x3300_0000 on.
   */
  readonly guestAt?: AddressInput | Readonly<Partial<Record<Domain, AddressInput>>>;
  /** The domain that it belongs to. Default: none of them (Xen's DOMID_IO). */
  readonly owner?: Domain;
  readonly borrowers: readonly Domain[];
}

/** A whole system, as `board.ts` says it. */
export interface SystemInput<
  Cpu extends string = string,
  Pool extends string = string,
  Domain extends string = string,
  Device extends string = string,
> {
  readonly board: BoardInput<Cpu, Device>;
  /** Raised by a release that no board may go back behind: a whole number below 2^32. Default: 0. */
  readonly rollbackIndex?: number;
  /** Default: {}. */
  readonly hypervisor?: HypervisorInput;
  /** Default: all CPUs in one pool. */
  readonly cpupools?: Readonly<Record<Pool, PoolInput<NoInfer<Cpu>, NoInfer<Domain>>>>;
  /** In the order in which they are built; the first is domain 1. */
  readonly domains: Readonly<Record<Domain, DomainInput<NoInfer<Pool>, NoInfer<Cpu>, NoInfer<Device>>>>;
  /** By names of 15 characters at most, which the guests find it by. Default: {}. */
  readonly sharedMemory?: Readonly<Record<string, SharedMemoryInput<NoInfer<Domain>>>>;
  /** Ports of two domains (or of one) that are connected from the start. Default: []. */
  readonly eventChannels?: readonly EventChannelInput<NoInfer<Domain>>[];
  /** Paravirtual devices that one domain offers to another. Default: []. */
  readonly pv?: readonly PvInput<NoInfer<Domain>>[];
}
