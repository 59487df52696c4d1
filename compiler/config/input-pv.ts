import type { blockModes } from "../ir/pv.ts";

interface Ends<Domain extends string> {
  /** The domain that offers the device. */
  readonly backend: Domain;
  /** The domain that uses it: another one. */
  readonly frontend: Domain;
}

/** A network interface of the frontend, whose other end the backend has. */
export interface NetInput<Domain extends string = string> extends Ends<Domain> {
  readonly kind: "net";
  /** Of the frontend's interface, such as "00:16:3e:00:00:01". Default: made for you. */
  readonly mac?: string;
  /** A bridge of the backend that its end joins. Default: none. */
  readonly bridge?: string;
}

/** A disk of the frontend, which the backend reads and writes. */
export interface BlockInput<Domain extends string = string> extends Ends<Domain> {
  readonly kind: "block";
  /** A block device or an image file of the backend, by its path there. */
  readonly device: string;
  /** What the frontend calls it, such as "xvda". Default: the first that is free. */
  readonly name?: string;
  /** "r" for reading alone. Default: "w". */
  readonly mode?: (typeof blockModes)[number];
}

/** A console of the frontend, which a backend that is no Linux reads and writes: Linux has no backend of consoles. */
export interface ConsoleInput<Domain extends string = string> extends Ends<Domain> {
  readonly kind: "console";
}

/** A folder of the backend, which the frontend mounts. */
export interface NinePInput<Domain extends string = string> extends Ends<Domain> {
  readonly kind: "9pfs";
  /** Path of the folder in the backend. */
  readonly path: string;
  /** By which the frontend mounts it. */
  readonly tag: string;
}

/** A paravirtual device that one domain offers to another. */
export type PvInput<Domain extends string = string> =
  NetInput<Domain> | BlockInput<Domain> | ConsoleInput<Domain> | NinePInput<Domain>;
