import { printable, quoted } from "../../base/printable.ts";
import { entry } from "../entry.ts";

/** PACK and SIGN: what an image's format has no room for, and what cannot be signed. XI60. */
export const imageEntries = {
  XI6001: entry({
    severity: "error",
    message: (p: { count: number; most: number }) =>
      `image.itb would hold ${p.count} images, and U-Boot checks at most ${p.most} of a configuration`,
    help: () => "hypervisor and device tree are two of them, each kernel, ramdisk and partial device tree is another",
  }),
  XI6002: entry({
    severity: "error",
    message: (p: { size: string; most: string }) =>
      `image.itb would hold ${p.size} of files, and U-Boot takes no FIT of more than ${p.most}`,
    help: () => "--external-data puts the files behind what U-Boot reads as a FIT; gzip kernels are smaller",
  }),
  XI6011: entry({
    severity: "error",
    message: (p: { file: string; reason: string }) => `cannot use the key "${p.file}": ${p.reason}`,
    help: () =>
      "keys are RSA of 2048, 3072 or 4096 bits or ECDSA on P-256 or P-384: NAME.key to sign, NAME.pub to verify, in PEM",
  }),
  XI6012: entry({
    severity: "error",
    message: (p: { file: string }) => `the key "${p.file}" is encrypted, and nobody gave its passphrase`,
    help: () => "write --passphrase-file FILE, set XENIMG_KEY_PASSPHRASE, or call from a terminal and type it",
  }),
  XI6013: entry({
    severity: "error",
    message: (p: { option: string; problem: string }) => `${p.option} ${p.problem}`,
    help: () =>
      "what is verified at boot: --format fit --sign KEY by U-Boot, --format uefi --sign KEY --cert CERT by UEFI firmware",
  }),
  XI6014: entry({
    severity: "error",
    message: (p: { file: string; reason: string }) => `cannot write the key "${p.file}": ${p.reason}`,
    help: () => "keygen replaces no file: name another key, or remove what is there if nobody needs it",
  }),
  XI6015: entry({
    severity: "error",
    message: (p: { file: string; reason: string }) => `cannot put a key into "${p.file}": ${p.reason}`,
    help: () => "name the control device tree that U-Boot is built or started with, as a blob",
  }),
  XI6016: entry({
    severity: "error",
    message: (p: { file: string }) => `"${p.file}" is a development key, and this is a release`,
    help: () => "sign releases with a key that keygen did not make and that is kept where few can read it",
  }),
  XI6090: entry({
    severity: "error",
    message: (p: { name: string; of: string }) => `${printable(p.name)} does not have the SHA-256 that ${p.of} says`,
    help: () => "it was altered or damaged since it was built; the core starts nothing of such an image",
  }),
  XI6091: entry({
    severity: "error",
    message: (p: { reason: string }) => `the table of parts is not the device tree's: ${printable(p.reason)}`,
    help: () => "it is of another build: build the image again",
  }),
  XI6092: entry({
    severity: "error",
    message: (p: { offset: string }) => `the byte at ${p.offset} belongs to no part, and is not zero`,
    help: () => "something was added to the image: do not boot it",
  }),
  XI6101: entry({
    severity: "error",
    message: (p: { file: string; reason: string }) => `cannot verify "${p.file}": ${p.reason}`,
    help: () =>
      "verify reads an image.itb, image.efi or manifest.json that xenimg built and signed, an image.bin, or a disk.img",
  }),
  XI6102: entry({
    severity: "error",
    message: (p: { file: string; reason: string }) => `"${p.file}" is not in the form that xenimg writes: ${p.reason}`,
    help: () => "it is damaged, was altered, or another program made it: do not boot it",
  }),
  XI6103: entry({
    severity: "error",
    message: (p: { name: string; algorithm: string }) =>
      `the image ${quoted(p.name)} does not have the ${p.algorithm} hash that stands beside it`,
    help: () => "its bytes or its hash were altered: do not boot it",
  }),
  XI6104: entry({
    severity: "error",
    message: (p: { configuration: string }) => `the configuration ${quoted(p.configuration)} is not signed`,
    help: () => "build it with --sign KEY; if it was signed once, somebody took the signature off",
  }),
  XI6105: entry({
    severity: "error",
    message: (p: { configuration: string; reason: string }) =>
      `the signature of ${quoted(p.configuration)} does not hold: ${p.reason}`,
    help: () => "another key signed it, or it was altered since: do not boot it",
  }),
  XI6106: entry({
    severity: "error",
    message: (p: { configuration: string; reason: string }) =>
      `the signature of ${quoted(p.configuration)} does not say what it covers: ${p.reason}`,
    help: () => "U-Boot before 2026.04 believes what stands there: an altered list lets other images pass",
  }),
  XI6107: entry({
    severity: "error",
    message: (p: { offset: string }) => `the byte at ${p.offset} is under no signature, and is not what it must be`,
    help: () => "something was added or altered outside of what is signed: do not boot it",
  }),
  XI6108: entry({
    severity: "error",
    message: (p: { configuration: string; reason: string }) =>
      `${quoted(p.configuration)} is not one system: ${p.reason}`,
    help: () => "its parts are of different builds: build it again",
  }),
  XI6109: entry({
    severity: "warning",
    message: (p: { key: string }) => `it is signed with a development key, ${quoted(p.key)}`,
    help: () => "everybody who can read that key can sign another image: release images need a key that is guarded",
  }),
  XI6201: entry({
    severity: "error",
    message: (p: { path: string; reason: string }) => `cannot use the EFI stub "${p.path}": ${p.reason}`,
    help: () => "it comes with the package; in a clone, `make -C hypervisor` makes it",
  }),
  XI6202: entry({
    severity: "error",
    message: (p: { count: number; most: number }) =>
      `image.efi would load ${p.count} files and ranges of memory, and its stub takes at most ${p.most}`,
    help: () => "each file, bank of memory, share and range of the board's RAM is one of them",
  }),
  XI6203: entry({
    severity: "error",
    message: (p: { size: string; most: string }) =>
      `image.efi would hold ${p.size} of files, and firmware takes no PE of more than ${p.most}`,
    help: () => "make kernels and ramdisks smaller (gzip kernels are taken), or boot image.bin",
  }),
  XI6204: entry({
    severity: "warning",
    message: (p: { what: string; at: string; board: string; firmware: string }) =>
      `image.efi brings ${p.what} to ${p.at}, and the UEFI firmware of ${p.board} is at ${p.firmware} itself`,
    help: () => "give the board a loadAddress with room for the whole image: map.txt says how much it is",
  }),
  XI6301: entry({
    severity: "error",
    message: (p: { path: string; reason: string }) =>
      `disk.img has no place for ${quoted(p.path)}, its file system is FAT: ${p.reason}`,
    help: () => "domains name their files: let their names differ in more than case, and end in no dot",
  }),
  XI6302: entry({
    severity: "error",
    message: (p: { size: string; image: string }) =>
      `RAM has no room for an image.itb of ${p.size} beside ${p.image}, where U-Boot puts what is in it`,
    help: () => "make kernels and ramdisks smaller (gzip kernels are taken), or put the separate files on the disk",
  }),
  XI6303: entry({
    severity: "error",
    message: (p: { value: string }) => `SOURCE_DATE_EPOCH is ${quoted(p.value)}, and no number of seconds`,
    help: () => "it counts whole seconds from 1970, up to the year 2106; without it, outputs are of no moment at all",
  }),
  XI6304: entry({
    severity: "error",
    message: (p: { problem: string }) => `--load ${p.problem}`,
    help: () =>
      "it is how boot.scr of --format script loads: sd, scsi, usb, tftp, or a command of U-Boot's in one line",
  }),
  XI6305: entry({
    severity: "error",
    message: (p: { size: string; room: string }) =>
      `system.dtb has ${p.size}, and U-Boot adds to it where it lies: there is room for ${p.room}`,
    help: () => "let the system have fewer domains or links, or boot image.bin, in which nothing grows",
  }),
  XI6040: entry({
    severity: "error",
    message: (p: { file: string; path: string }) => `${quoted(p.path)} on "${p.file}" is not proven`,
    help: () => "what is wrong with it is said above; the rest of the disk does not make up for it",
  }),
  XI6041: entry({
    severity: "error",
    message: (p: { file: string }) => `"${p.file}" is signed with a key, and none is given to prove it`,
    help: () => "give its public key, too: --key PUB",
  }),
  XI6042: entry({
    severity: "error",
    message: (p: { format: string }) =>
      `several configurations are for one FIT, and --format ${p.format} holds one system`,
    help: () => "build them with --format fit, or fit,disk; or each by itself",
  }),
  XI6043: entry({
    severity: "error",
    message: (p: { name: string }) => `${quoted(p.name)} cannot name a configuration of a FIT`,
    help: () => "a letter, then at most 30 letters, digits, or any of . _ + -: name the file so, or its export",
  }),
  XI6044: entry({
    severity: "error",
    message: (p: { name: string }) => `two configurations are called ${quoted(p.name)}`,
    help: () => "their files, or the exports behind #, give configurations their names: rename one",
  }),
  XI6045: entry({
    severity: "error",
    message: (p: { first: string; other: string }) =>
      `${quoted(p.other)} is for another board than ${quoted(p.first)}, and the disk's script would try both`,
    help: () => "build a disk for each board, or --format fit alone, of which each board's boot loader names its own",
  }),
  XI6311: entry({
    severity: "error",
    message: (p: { path: string; reason: string }) =>
      `${quoted(p.path)} on the disk is not the manifest's: ${p.reason}`,
    help: () => "the disk was altered, or the manifest is another build's: do not boot it",
  }),
  XI6312: entry({
    severity: "error",
    message: (p: { file: string }) => `"${p.file}" holds no file that could be signed`,
    help: () =>
      "put a signed FIT or image.efi on it (--format fit,disk --sign KEY), or compare its files with --manifest",
  }),
  XI6313: entry({
    severity: "error",
    message: (p: { file: string; reason: string }) => `"${p.file}" lists no files of a disk: ${p.reason}`,
    help: () => "name the manifest.json that build wrote beside disk.img",
  }),
} as const;
