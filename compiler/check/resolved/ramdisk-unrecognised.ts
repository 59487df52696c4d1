import { diagnose } from "../../diagnostics/catalogue.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import { domainPath } from "../claims.ts";
import type { Rule } from "../rule.ts";

/** What Linux unpacks as an initramfs (Documentation/driver-api/early-userspace) or takes as a legacy U-Boot image. */
const signatures: readonly (readonly number[])[] = [
  [0x30, 0x37, 0x30, 0x37, 0x30], // cpio "07070"
  [0x1f, 0x8b], // gzip
  [0x42, 0x5a, 0x68], // bzip2
  [0x5d, 0x00, 0x00], // lzma
  [0xfd, 0x37, 0x7a, 0x58, 0x5a], // xz
  [0x89, 0x4c, 0x5a, 0x4f], // lzo
  [0x02, 0x21, 0x4c, 0x18], // lz4, legacy frame
  [0x28, 0xb5, 0x2f, 0xfd], // zstd
];

/** XI4108: a ramdisk in no format that Linux unpacks: it ends in a kernel panic about the root file system. */
export const ramdiskUnrecognised: Rule<ResolvedSystem> = {
  name: "ramdisk-unrecognised",
  *check(system) {
    for (const domain of system.domains) {
      if (domain.ramdisk === undefined) continue;
      const { bytes, path } = domain.ramdisk;
      if (!signatures.some((signature) => signature.every((byte, index) => bytes[index] === byte)))
        yield diagnose("XI4108", { file: path }, { primary: { path: domainPath(domain, "ramdisk") } });
    }
  },
};
