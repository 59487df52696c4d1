import type { DataPlacement } from "../codecs/fit/external.ts";
import type { HashAlgorithm } from "../ir/host.ts";
import type { RsaPadding, Signer } from "../ir/signer.ts";
import type { InputFile } from "../ir/input-file.ts";
import type { Target } from "../ir/target.ts";

/** Where the hypervisor is: `path` for the Host, `name` for outputs, which carry no machine's paths. */
export interface HypervisorSource {
  readonly path: string;
  readonly name: string;
  /** The one for systems with PV links, where that is another. */
  readonly withPv?: Omit<HypervisorSource, "withPv">;
}

/** One system to compile: the evaluated configuration and what the command line adds to it. */
export interface CompileRequest {
  readonly config: {
    /** How diagnostics name the file; renderers shorten it. */
    readonly file: string;
    /** Source text, for the places of diagnostics. */
    readonly text: string;
    /** The export that is meant, where it is not the default one. */
    readonly variant?: string;
    /** What was set in it by `--set`, for the provenance. */
    readonly parameters?: Readonly<Record<string, string>>;
    /** The export, evaluated: plain data of any shape. */
    readonly value: unknown;
  };
  /** The configuration's base name: `board.ts` gives "board", its variant `debug` "board-debug". Names the output folder. */
  readonly name: string;
  readonly target: Target;
  /** Of xenimg itself, for the manifest. */
  readonly version: string;
  readonly hypervisor: HypervisorSource;
  /** Text of `xenimg.lock.json` beside the configuration, where there is one. */
  readonly lock?: string;
  /** Place everything anew, whatever the lock says. */
  readonly relock?: boolean;
  /** Left out: image.bin, unsigned. */
  readonly images?: ImageRequest;
}

export const imageFormats = ["raw", "fit", "uefi", "script", "disk"] as const;
/**
 * "raw" is image.bin, "fit" is image.itb, "uefi" is image.efi, "script" is boot.scr, "disk" is disk.img with what the
 * others make.
 */
export type ImageFormat = (typeof imageFormats)[number];

export interface ImageRequest {
  readonly formats: readonly ImageFormat[];
  /** Of the FIT's images and signatures. */
  readonly hash: HashAlgorithm;
  readonly signer?: Signer;
  /** Where the FIT's files lie behind its tree; left out: they are inside. */
  readonly external?: DataPlacement;
  /** DER of the signer's certificate, then of each issuer's that is to be in image.efi; there where that is signed. */
  readonly certificates?: readonly Uint8Array[];
  /** Of RSA signatures. Left out: PKCS #1 v1.5. */
  readonly padding?: RsaPadding;
  /** How boot.scr loads: "sd", "scsi", "usb", "tftp", or U-Boot's command; left out: from the device it is on. */
  readonly load?: string;
  /** The moment that outputs are said to be of (SOURCE_DATE_EPOCH): seconds from 1970; left out: 0. */
  readonly epoch?: number;
  /** The program around which image.efi is made; there where that is asked for. */
  readonly efiStub?: InputFile;
}
