/** What a profile takes whose device tree is its vendor's, and no part of this package. */
export interface VendorBoardParameters {
  /** Path of the vendor's device tree blob, from `board.ts`. */
  readonly deviceTree: string;
}

/** `board.ts` is evaluated before any schema sees it: what the types would refuse throws here, at the user's own line. */
export function treePath(profile: string, parameters: VendorBoardParameters): string {
  const { deviceTree }: Readonly<Record<string, unknown>> = { ...parameters };
  if (typeof deviceTree !== "string" || deviceTree === "")
    throw new RangeError(`${profile}: deviceTree is the path of the vendor's .dtb, not ${JSON.stringify(deviceTree)}`);
  return deviceTree;
}
