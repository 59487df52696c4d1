/**
 * What a board profile hands to `defineSystem`: plain data, so that it survives the isolated evaluation of `board.ts`.
 * The device tree is the truth about the machine; everything else says what no device tree can say.
 */
export interface Board<Cpu extends string = string, Device extends string = string> {
  /** Profile name as in `xenimg boards`: "qemu-virt". */
  readonly name: string;
  /** The parameters the profile was made with, for the manifest and for messages. */
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  /** Labels of this board's CPUs, in the order of /cpus: "cpu0", "cpu1", … */
  readonly cpus: readonly Cpu[];
  /** Names by which `passthrough` may call its devices, for the editor; absent: it takes any. */
  readonly devices?: readonly Device[];
  /** The host device tree as the machine provides it, without /chosen modules: a version 17 blob. */
  readonly deviceTree: Uint8Array;
  /** What the tree's root must be compatible with, one of them; absent: any tree will do. */
  readonly compatible?: readonly string[];
  /** What the board's firmware changes in a vendor's tree before it hands it on; absent: nothing that matters. */
  readonly firmware?: BoardFirmware;
  /** Where the board's loader puts the first image if nobody tells it otherwise, in bytes. */
  readonly loadAddress: number;
  /** Signatures that the board's loader verifies; absent: what every U-Boot does, RSA with PKCS #1 v1.5. */
  readonly signatures?: readonly SignatureKind[];
  /** What UEFI firmware of this board has in use while it loads image.efi, in bytes; absent: not known. */
  readonly uefiHolds?: readonly { readonly at: number; readonly size: number }[];
  /** How to run the board in an emulator, where there is one. */
  readonly emulator?: QemuMachine;
}

export const signatureKinds = ["rsa-pkcs1", "rsa-pss", "ecdsa"] as const;
export type SignatureKind = (typeof signatureKinds)[number];

export interface BoardFirmware {
  /** RAM, in place of the tree's memory nodes. Addresses and sizes in bytes. */
  readonly memory?: readonly { readonly at: number; readonly size: number }[];
  /** What the firmware keeps for itself. */
  readonly reserved?: readonly { readonly at: number; readonly size: number }[];
  /** How its PSCI is called, in place of what the tree says of the CPUs' start. */
  readonly psci?: "smc" | "hvc";
}

/** Arguments that the profile knows, so that `xenimg run` needs no flags. */
export interface QemuMachine {
  readonly program: "qemu-system-aarch64";
  /** Machine, CPU, memory and console arguments; without kernel, device tree or modules. */
  readonly args: readonly string[];
  /** Where QEMU puts a `-kernel` arm64 Image whose text_offset is 0, in bytes. */
  readonly kernelAddress: number;
}
