import { readFileSync } from "node:fs";
import { capture, which } from "./shell.mjs";

/**
 * @typedef {{ id: string, version: string, debianLike: boolean }} Machine
 */

/** @returns {Machine} */
export function thisMachine() {
  let text = "";
  try {
    text = readFileSync("/etc/os-release", "utf8");
  } catch {
    // Not Linux, or one without the file: told apart by what is in PATH.
  }
  return describeMachine(text, which("apt-get") !== undefined && which("dpkg-query") !== undefined);
}

/**
 * @param {string} osRelease the text of /etc/os-release
 * @param {boolean} hasApt
 * @returns {Machine}
 */
export function describeMachine(osRelease, hasApt) {
  /** @param {string} key */
  const field = (key) => new RegExp(`^${key}="?([^"\n]*)"?$`, "m").exec(osRelease)?.[1] ?? "";
  const family = [field("ID"), ...field("ID_LIKE").split(" ")];
  return {
    id: field("ID") || process.platform,
    version: field("VERSION_ID"),
    debianLike: hasApt && family.some((name) => name === "debian" || name === "ubuntu"),
  };
}

/**
 * What to put before a command that changes the system: nothing as root, sudo where it works without a password or
 * where somebody is there to type one; undefined where there is no way.
 * @returns {readonly string[] | undefined}
 */
export function becomeRoot() {
  if (process.getuid?.() === 0) return [];
  if (which("sudo") === undefined) return undefined;
  if (capture("sudo", ["-n", "true"]).code === 0) return ["sudo", "-n"];
  return process.stdin.isTTY ? ["sudo"] : undefined;
}
