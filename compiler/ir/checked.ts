import type { Range } from "../base/ranges.ts";
import type { PhysAddr } from "../base/units.ts";
import type { Board } from "./board.ts";
import type { DomainOptions } from "./domain-options.ts";
import type { PvLink } from "./pv.ts";
import type {
  DomainMemory,
  Enhanced,
  EventChannel,
  Reservation,
  ResolvedPool,
  Schedule,
  SharedMemory,
  ShutdownActions,
} from "./resolved.ts";

/** After PARSE: shape and units right, defaults in; names and files not looked at yet. */
export interface CheckedConfig {
  readonly board: CheckedBoard;
  readonly rollbackIndex: number;
  readonly hypervisor: {
    readonly bootargs: string;
    readonly heap: readonly Range<PhysAddr>[];
    readonly xsmPolicy?: string;
  };
  /** In the order of the text, as everywhere. */
  readonly cpupools: readonly CheckedPool[];
  readonly domains: readonly CheckedDomain[];
  readonly sharedMemory: readonly SharedMemory[];
  readonly eventChannels: readonly EventChannel[];
  readonly pv: readonly PvLink[];
}

/** `deviceTree` is the blob, or the path of its file. */
export type CheckedBoard = Omit<Board, "deviceTree"> & { readonly deviceTree: Uint8Array | string };

export interface CheckedPool {
  readonly name: string;
  /** Labels of CPUs, or the name of a cluster. */
  readonly cpus: readonly string[] | string;
  readonly scheduler: ResolvedPool["scheduler"];
  readonly schedule: Schedule | undefined;
}

export interface CheckedVcpu {
  readonly affinity?: readonly string[] | undefined;
  readonly rtds?: Reservation | undefined;
}

export interface CheckedDomain extends DomainOptions {
  readonly name: string;
  readonly kernel: string;
  readonly ramdisk?: string;
  readonly bootargs?: string;
  readonly cpus: number;
  readonly memory: DomainMemory;
  readonly directMap: boolean;
  readonly vpl011: boolean;
  readonly enhanced?: Enhanced;
  readonly pool?: string;
  /** Of the credit2 scheduler; absent: 256, and no cap (percent of one CPU). */
  readonly weight?: number;
  readonly cap?: number;
  /** Names of the board's devices, or the path of a partial device tree. */
  readonly passthrough?: readonly string[] | string;
  readonly rtds?: Reservation;
  /** What differs, from the first vCPU on. */
  readonly vcpus: readonly CheckedVcpu[];
  readonly onShutdown: ShutdownActions;
}
