/** Kinds of paravirtual devices that one domain offers and another uses. */
export const pvKinds = ["net", "block", "console", "9pfs"] as const;

export const blockModes = ["r", "w"] as const;

/** Six octets. The lowest bit of the first says a group of stations (IEEE 802): none has such an address, nor zeros alone. */
export const stationAddress = /^(?!00(:00){5}$)[0-9a-f][02468ace](:[0-9a-f]{2}){5}$/i;

/** As Linux names interfaces: 15 bytes. A comma would begin another option of xl's (xl-network-configuration(5)). */
export const bridgeName = /^(?!\.{1,2}$)[\w.+@-]{1,15}$/;

interface Ends {
  /** The domain that offers the device. */
  readonly backend: string;
  /** The domain that uses it. */
  readonly frontend: string;
}

export type PvLink = Ends &
  (
    | { readonly kind: "net"; /** Lower case. */ readonly mac?: string; readonly bridge?: string }
    | {
        readonly kind: "block";
        /** A block device or an image file of the backend. */
        readonly device: string;
        /** What the frontend calls it: "xvda". */
        readonly name?: string;
        readonly mode: (typeof blockModes)[number];
      }
    | { readonly kind: "console" }
    | {
        readonly kind: "9pfs";
        /** A folder of the backend. */
        readonly path: string;
        /** By which the frontend mounts it. */
        readonly tag: string;
      }
  );

/** A link with what LAYOUT chose: what the frontend knows its device by. */
export type PlacedLink = Ends & {
  /** Numbers of the two domains. */
  readonly backendId: number;
  readonly frontendId: number;
} & (
    | {
        readonly kind: "net";
        /** Of the frontend's interfaces, from 0. */
        readonly handle: number;
        readonly mac: string;
        readonly bridge?: string;
      }
    | {
        readonly kind: "block";
        readonly device: string;
        readonly name: string;
        /** By which the frontend knows it: xen-vbd-interface(7). */
        readonly virtualDevice: number;
        readonly mode: (typeof blockModes)[number];
      }
    | {
        readonly kind: "console";
        /** Of the frontend's consoles, from 1: 0 is the one that a toolstack gives every domain. */
        readonly number: number;
      }
  );
