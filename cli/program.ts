import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import {
  formatTarget,
  hashAlgorithms,
  imageFormats,
  leastAlign,
  mostAlign,
  rsaPaddings,
  xenVersions,
} from "../compiler/index.ts";
import type { ImageFormat, Target } from "../compiler/index.ts";
import { version } from "./adapters/package.ts";
import type { Surroundings } from "./adapters/terminal.ts";
import type { BuildOptions } from "./commands/build.ts";
import type { CheckOptions } from "./commands/check.ts";
import type { DiffOptions } from "./commands/diff.ts";
import type { ExportOptions } from "./commands/export.ts";
import type { ExtractOptions } from "./commands/extract.ts";
import type { KeygenOptions } from "./commands/keygen.ts";
import type { ImportOptions } from "./commands/import.ts";
import type { RunOptions } from "./commands/run.ts";
import type { VerifyOptions } from "./commands/verify.ts";
import { keyTypes } from "./keys/types.ts";

/** sysexits.h EX_SOFTWARE: our bug. */
const bug = 70;
const usage = 2;

const formats: readonly CheckOptions["format"][] = ["pretty", "json", "sarif", "junit", "github"];
const differenceFormats: readonly DiffOptions["format"][] = ["text", "json", "markdown"];
const targets: readonly Target[] = [
  { hypervisor: "core" },
  ...xenVersions.map((xen) => ({ hypervisor: "xen", version: xen }) as const),
];

/**
 * Runs one command line. Each command's code is loaded when it is called, so that none pays for the others.
 * Returns the exit code: 0 sound, 1 diagnostics with errors, 2 usage, 3 an outside tool is missing or failed, 70 our bug.
 */
export async function main(args: readonly string[], surroundings: Surroundings): Promise<number> {
  let exitCode = 0;
  const finish = (code: number): void => {
    exitCode = code;
  };
  try {
    await createProgram(surroundings, finish).parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : usage;
    surroundings.stderr(`xenimg bug: ${describe(error)}\n`);
    return bug;
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.message}\n${error.stack ?? ""}` : String(error);
}

function createProgram(surroundings: Surroundings, finish: (code: number) => void): Command {
  const program = new Command("xenimg")
    .description("From one typed file to proven, bootable images for a board that runs several isolated systems.")
    .version(version)
    .exitOverride()
    .configureOutput({ writeOut: surroundings.stdout, writeErr: surroundings.stderr });
  addBuild(program, surroundings, finish);
  addCheck(program, surroundings, finish);
  addRun(program, surroundings, finish);
  addDiff(program, surroundings, finish);
  addExport(program, surroundings, finish);
  addOthers(program, surroundings, finish);
  return program;
}

type Add = (program: Command, surroundings: Surroundings, finish: (code: number) => void) => void;

/** What every command that reads a configuration takes. */
const withConfig = (command: Command): Command =>
  withSystem(command.argument("<config>", configText)).option(...relock);

const configText = "the configuration, usually board.ts; board.ts#debug is its export of that name";
const relock = ["--relock", "allocate anew instead of keeping what xenimg.lock.json says"] as const;

/** How a configuration is to be understood. */
const withSystem = (command: Command): Command =>
  command
    .addOption(
      new Option("--set <name=value>", "a parameter of the configuration; may be repeated")
        .argParser(collectParameter)
        .default({}, "none"),
    )
    .option("--hypervisor <path>", "the hypervisor image to link with (default: the core of this package)")
    .option("--target <target>", `whose rules hold: ${targets.map(formatTarget).join(", ")} (default: core)`, toTarget);

const addBuild: Add = (program, surroundings, finish) => {
  const command = program
    .command("build")
    .description("Check, place, link: write boot images")
    .argument("<configs...>", `${configText}; several become configurations of one FIT, the first its default`);
  withSystem(command)
    .option(...relock)
    .option("-o, --output <folder>", "where to write (default: build/<config name>)")
    .option(
      "--format <formats>",
      "which images: raw (image.bin), fit (image.itb), uefi (image.efi), script (boot.scr), disk (disk.img with what the others make); " +
        "several with commas (default: raw)",
      toFormats,
    )
    .option(
      "--load <command>",
      "how boot.scr loads: sd, scsi, usb, tftp, or U-Boot's command (default: as it was loaded)",
    )
    .addOption(new Option("--hash <algorithm>", "of the FIT (default: sha256)").choices(hashAlgorithms))
    .option(
      "--sign <key>",
      "sign the manifest, the FIT and image.efi with this private key: a PEM file, or a pkcs11: URI",
    )
    .option("--cert <file>", "of image.efi: the certificate of the key, then its issuers', in PEM")
    .option(
      "--sign-command <command>",
      "this program holds the key (hash in, signature out); --sign is its public half",
    )
    .option("--passphrase-file <file>", "has the passphrase of an encrypted key, or the PIN of a token")
    .addOption(new Option("--padding <padding>", "of RSA signatures (default: pkcs1)").choices(rsaPaddings))
    .option("--external-data", "the FIT's files lie behind its tree, as mkimage -E puts them")
    .option(
      "--data-align <bytes>",
      "each file from a multiple of this on: a power of two (implies --external-data)",
      toAlign,
    )
    .option("--data-position <bytes>", "where the first file lies in image.itb (implies --external-data)", toPosition)
    .option("--release", "refuse development keys, and to leave an image unsigned")
    .action(async (configs: readonly string[], options: BuildOptions) => {
      const { build } = await import("./commands/build.ts");
      finish(await build(configs, options, surroundings));
    });
};

const addCheck: Add = (program, surroundings, finish) => {
  withConfig(program.command("check").description("Everything short of images; writes nothing"))
    .addOption(new Option("--format <format>", "how to show diagnostics").choices(formats).default("pretty"))
    .option("--fix", "write what is mechanical to mend into the configuration")
    .addOption(new Option("--trace", "show what the hypervisor will say at boot").conflicts("format"))
    .action(async (config: string, options: CheckOptions) => {
      const { check } = await import("./commands/check.ts");
      finish(await check(config, options, surroundings));
    });
};

const addRun: Add = (program, surroundings, finish) => {
  withConfig(program.command("run").description("Build, boot in QEMU, show the consoles by domain (Ctrl-] quits)"))
    .option("--expect <text>", "end well when this has appeared in a console line; may be repeated", collectText)
    .option("--timeout <seconds>", "give up after this long (default: 60 with --expect)", positive)
    .action(async (config: string, options: RunOptions) => {
      const { run } = await import("./commands/run.ts");
      finish(await run(config, options, surroundings));
    });
};

const addDiff: Add = (program, surroundings, finish) => {
  const command = program
    .command("diff")
    .description("What changed in meaning between two systems")
    .argument("<before>", "a configuration")
    .argument("<after>", "another, or the same one with other files");
  withSystem(command)
    .addOption(new Option("--format <format>", "how to show it").choices(differenceFormats).default("text"))
    .action(async (before: string, after: string, options: DiffOptions) => {
      const { diff } = await import("./commands/diff.ts");
      finish(await diff(before, after, options, surroundings));
    });
};

const addExport: Add = (program, surroundings, finish) => {
  const command = program
    .command("export")
    .description("An ImageBuilder configuration of a system")
    .argument("<config>", "the configuration, such as board.ts");
  withSystem(command)
    .option("-o, --output <file>", "where to write, with the device trees that it names beside it (default: stdout)")
    .action(async (config: string, options: ExportOptions) => {
      const { exportConfig } = await import("./commands/export.ts");
      finish(await exportConfig(config, options, surroundings));
    });
};

const addOthers: Add = (program, surroundings, finish) => {
  program
    .command("inspect")
    .description("What is in an image, a device tree blob or a manifest")
    .argument("<file>")
    .action(async (file: string) => {
      const { inspect } = await import("./commands/inspect.ts");
      finish(await inspect(file, surroundings));
    });
  program
    .command("extract")
    .description("Take parts out of an image: hypervisor, device tree, modules, signatures")
    .argument("<file>", "an image.bin, image.itb, image.efi or disk.img")
    .argument("[parts...]", "which, as --list names them (default: all)")
    .option("-o, --output <folder>", "where to write, a folder that is not there yet (default: <file>.parts)")
    .addOption(new Option("--list", "say what is in it, and write nothing").conflicts("output"))
    .action(async (file: string, parts: readonly string[], options: ExtractOptions) => {
      const { extract } = await import("./commands/extract.ts");
      finish(await extract(file, parts, options, surroundings));
    });
  program
    .command("verify")
    .description("Prove an image, or a manifest and all files beside it, whole and signed, from the public key alone")
    .argument("<file>", "an image.itb, an image.efi, an image.bin, a disk.img or a manifest.json")
    .option("--key <pub>", "the public key, a PEM file; for image.efi also a certificate, the signer's or an issuer's")
    .option(
      "--cert <file>",
      "for image.efi, also on a disk: the certificate, where it is not the key of --key that signed",
    )
    .option("--manifest <file>", "of a disk: compare its files with what this manifest.json lists")
    .option("--min-rollback <index>", "refuse what has a lower rollback index, or tells none", toIndex)
    .action(async (file: string, options: VerifyOptions) => {
      const { verify } = await import("./commands/verify.ts");
      finish(await verify(file, options, surroundings));
    });
  program
    .command("keygen")
    .description(
      "Make a development key: <name>.key and <name>.pub, and of an RSA key a certificate, <name>.crt and <name>.cer",
    )
    .argument("<name>", "path of the files, without their endings")
    .addOption(new Option("--type <type>", "what kind of key").choices(keyTypes).default("rsa3072"))
    .option("--passphrase-file <file>", "encrypt the private key with the passphrase in this file")
    .addOption(
      new Option("--hash <algorithm>", "that U-Boot expects with it").choices(hashAlgorithms).default("sha256"),
    )
    .option("--uboot-dtb <dtb>", "put the public key into this device tree of U-Boot's; an existing key is taken")
    .action(async (name: string, options: KeygenOptions) => {
      const { keygen } = await import("./commands/keygen.ts");
      finish(await keygen(name, options, surroundings));
    });
  program
    .command("import")
    .description(
      "A board.ts of other tools' configurations: ImageBuilder's, a dom0less device tree, or xl.cfg of each domain",
    )
    .argument("<files...>", "one; or an xl.cfg for each domain, and an xlcpupool.cfg for each pool")
    .option("-o, --output <file>", "where to write (default: to the terminal, for a place beside the first of <files>)")
    .option("--device-tree <dtb>", "the board's device tree, which an xl.cfg does not name")
    .action(async (files: readonly string[], options: ImportOptions) => {
      const { importFiles } = await import("./commands/import.ts");
      finish(await importFiles(files, options, surroundings));
    });
  program
    .command("boards")
    .description("The board profiles and their parameters, or the devices of one that domains may have")
    .argument("[board]", "a profile's name, or a device tree (.dtb)")
    .action(async (board?: string) => {
      const { boards } = await import("./commands/boards.ts");
      finish(await boards(board, surroundings));
    });
  program
    .command("explain")
    .description("What a diagnostic means and what to do")
    .argument("<code>", "such as XI4001")
    .action(async (code: string) => {
      const { explain } = await import("./commands/explain.ts");
      finish(await explain(code, surroundings));
    });
  program
    .command("doctor")
    .description("What is missing on this machine, and how to get it")
    .action(async () => {
      const { doctor } = await import("./commands/doctor.ts");
      finish(await doctor(surroundings));
    });
};

const collectText = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];

function collectParameter(text: string, before: Readonly<Record<string, string>>): Record<string, string> {
  const split = text.indexOf("=");
  if (split < 1) throw new InvalidArgumentError("expected name=value");
  return { ...before, [text.slice(0, split)]: text.slice(split + 1) };
}

function toTarget(text: string): Target {
  const target = targets.find((known) => formatTarget(known) === text);
  if (target === undefined) throw new InvalidArgumentError(`expected one of ${targets.map(formatTarget).join(", ")}`);
  return target;
}

function toFormats(text: string): readonly ImageFormat[] {
  const known = (name: string): name is ImageFormat => imageFormats.some((format) => format === name);
  const names = text.split(",");
  if (!names.every(known)) throw new InvalidArgumentError(`expected some of ${imageFormats.join(",")}`);
  return names;
}

function toAlign(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(Math.log2(value)) || value < leastAlign || value > mostAlign)
    throw new InvalidArgumentError(`expected a power of two from ${leastAlign} to ${mostAlign}`);
  return value;
}

/** A node says it in one cell; U-Boot wants a multiple of 4. */
function toPosition(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value / leastAlign) || value < leastAlign || value >= 2 ** 31)
    throw new InvalidArgumentError(`expected a multiple of ${leastAlign} below 2 GiB`);
  return value;
}

function toIndex(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value >= 2 ** 32) throw new InvalidArgumentError("expected a whole number below 2^32");
  return value;
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < 1e6)) throw new InvalidArgumentError("expected a number of seconds");
  return value;
}
