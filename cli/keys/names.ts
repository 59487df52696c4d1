import { basename } from "node:path";

/** The line above a development key, private or public (RFC 7468 lets text stand before the first boundary). */
export const developmentMark = "xenimg development key: not for releases";

export const isDevelopment = (pem: string): boolean => pem.split("-----BEGIN")[0]?.includes(developmentMark) === true;

/** Why a key cannot be called so. */
export const oddName = "its name, by which loaders find the key, has more than letters, digits, . _ -";

/** Whether loaders can look for a key of this name. */
export const isKeyName = (name: string): boolean => /^[\w.-]{1,64}$/.test(name);

/** `keys/board-1.key` is called "board-1". */
export function keyName(path: string): string | undefined {
  const name = basename(path).replace(/\.(key|pem|pub)$/, "");
  return isKeyName(name) ? name : undefined;
}
