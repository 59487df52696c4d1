import { becomeRoot, thisMachine } from "./machine.mjs";
import { describeMissing, missingNeeds } from "./needs.mjs";
import { OutsideError, capture, run } from "./shell.mjs";

/**
 * Installs the Debian packages that bring what is missing; does nothing where nothing is.
 * @param {import("./needs.mjs").Scope} scope
 */
export async function ensureTools(scope) {
  const missing = missingNeeds(scope);
  if (missing.length === 0) return;
  if (!thisMachine().debianLike) {
    throw new OutsideError(
      `missing on this machine, which is not Debian or Ubuntu, so nothing was installed:\n${describeMissing(missing)}`,
    );
  }
  const prefix = becomeRoot();
  if (prefix === undefined) {
    throw new OutsideError(
      `missing on this machine, and neither root nor sudo is at hand to install it:\n${describeMissing(missing)}`,
    );
  }
  await install(prefix, missing);
  const still = missingNeeds(scope);
  if (still.length > 0) throw new OutsideError(`still missing after the installation:\n${describeMissing(still)}`);
}

/**
 * @param {readonly string[]} prefix
 * @param {readonly import("./needs.mjs").Need[]} missing
 */
async function install(prefix, missing) {
  console.log(`set-up: missing: ${missing.map((need) => need.name).join(", ")}`);
  // Without Error-Mode, apt-get calls an update that reached no server a success.
  await apt(prefix, ["update", "-o", "APT::Update::Error-Mode=any"]);
  const packages = missing.map((need) =>
    firstOffered(typeof need.packages === "function" ? need.packages() : need.packages),
  );
  console.log(`set-up: installing ${packages.join(" ")}`);
  await apt(prefix, ["install", "-y", "--no-install-recommends", ...new Set(packages)]);
}

/** @param {readonly string[]} prefix @param {readonly string[]} args */
async function apt(prefix, args) {
  const lock = ["-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3"];
  const command = [...prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", ...lock, ...args];
  const { code, output } = await run(command[0] ?? "env", command.slice(1), { quiet: true });
  if (code === 0) return;
  throw new OutsideError(
    `${output.trim().split("\n").slice(-15).join("\n")}\n\`apt-get ${args[0]}\` failed: the set-up needs the network to reach the Debian or Ubuntu archive`,
  );
}

/**
 * The first of some package names that this machine's archive offers.
 * @param {readonly string[]} names
 */
function firstOffered(names) {
  const offered = names.find((name) => /Candidate: (?!\(none\))/.test(capture("apt-cache", ["policy", name]).output));
  if (offered === undefined)
    throw new OutsideError(`this machine's package archive offers none of: ${names.join(", ")}`);
  return offered;
}
