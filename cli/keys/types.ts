/** Keys that images are signed with, as `keygen --type` says it. */
export const keyTypes = ["rsa2048", "rsa3072", "rsa4096", "p256", "p384"] as const;
export type KeyType = (typeof keyTypes)[number];
