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
    refuse("which is not Debian or Ubuntu, so nothing was installed", missing);
    return;
  }
  const prefix = becomeRoot();
  if (prefix === undefined) {
    refuse("and neither root nor sudo is at hand to install it", missing);
    return;
  }
  await install(prefix, missing);
  const still = missingNeeds(scope).filter((need) => !need.dispensable);
  if (still.length > 0) throw new OutsideError(`still missing after the installation:\n${describeMissing(still)}`);
}

/**
 * Ends the set-up, unless it does without everything that is missing.
 * @param {string} why @param {readonly import("./needs.mjs").Need[]} missing
 */
function refuse(why, missing) {
  const text = `missing on this machine, ${why}:\n${describeMissing(missing)}`;
  if (!missing.every((need) => need.dispensable)) throw new OutsideError(text);
  console.log(`set-up: ${text}\nset-up: its tests are skipped`);
}

/**
 * @param {readonly string[]} prefix
 * @param {readonly import("./needs.mjs").Need[]} missing
 */
async function install(prefix, missing) {
  console.log(`set-up: missing: ${missing.map((need) => need.name).join(", ")}`);
  // Without Error-Mode, apt-get calls an update that reached no server a success.
  await apt(prefix, ["update", "-o", "APT::Update::Error-Mode=any"]);
  const packages = missing.flatMap((need) => {
    const names = typeof need.packages === "function" ? need.packages() : need.packages;
    const offered = firstOffered(names);
    if (offered === undefined && !need.dispensable) {
      throw new OutsideError(`this machine's package archive offers none of: ${names.join(", ")}`);
    }
    return offered ?? [];
  });
  if (packages.length === 0) return;
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
const firstOffered = (names) =>
  names.find((name) => /Candidate: (?!\(none\))/.test(capture("apt-cache", ["policy", name]).output));
