import { execFileSync } from "node:child_process";

/** `source`s a file as ImageBuilder does, with nothing unset allowed, and prints each element of the arrays it is asked for. */
const script = `
set -euo pipefail
source "$0"
for name in "$@"; do
  declare -n array=$name
  for key in "\${!array[@]}"; do printf '%s[%s]\\0%s\\0' "$name" "$key" "\${array[$key]}"; done
done
`;

/** The variables that bash has after it has run a configuration: "DOMU_MEM[0]" to its value; a plain one is element 0. */
export function bashVariables(path: string, text: string): ReadonlyMap<string, string> {
  const names = new Set([...text.matchAll(/^([A-Z]\w*)(?:\[[^\]]*\])?=/gm)].map(([, name = ""]) => name));
  execFileSync("/bin/bash", ["-n", path]);
  const output = execFileSync("/bin/bash", ["--noprofile", "--norc", "-c", script, path, ...names], {
    env: { PATH: "" },
    encoding: "utf8",
  });
  const words = output.split("\0").slice(0, -1);
  return new Map(words.flatMap((word, index) => (index % 2 === 0 ? [[word, words[index + 1] ?? ""] as const] : [])));
}
