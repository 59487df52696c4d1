/*
 * What manifest.json says: schemas/manifest-1.schema.json for other programs. Addresses are hexadecimal texts, because
 * JSON readers disagree about large numbers; sizes are in bytes.
 */

/** Rises when a reader of older manifests would misunderstand a newer one. */
export const manifestFormat = 1;

/** The manifest, and its detached signature. */
export const manifestFiles = { manifest: "manifest.json", signature: "manifest.sig" } as const;

export interface Manifest {
  readonly format: typeof manifestFormat;
  /** Version of xenimg. */
  readonly xenimg: string;
  readonly name: string;
  readonly target: string;
  /** Below 2^32: images with a lower one are older. */
  readonly rollbackIndex: number;
  /** Who signed it; absent where nobody did. */
  readonly signer?: ManifestSigner;
  readonly board: {
    readonly name: string;
    readonly parameters: Readonly<Record<string, string | number | boolean>>;
    readonly deviceTree: FileDigest;
  };
  readonly image: ManifestRange;
  readonly inputs: readonly ManifestInput[];
  readonly outputs: readonly ManifestOutput[];
  readonly domains: readonly ManifestDomain[];
  readonly memory: readonly (ManifestRange & { readonly kind: string; readonly owner: string })[];
}

export interface ManifestSigner {
  readonly name: string;
  /** "RSA-3072", "ECDSA P-256". */
  readonly key: string;
  readonly development: boolean;
}

export interface FileDigest {
  readonly size: number;
  readonly sha256: string;
}

export interface ManifestRange {
  readonly address: string;
  readonly size: number;
}

export interface ManifestInput extends FileDigest {
  readonly path: string;
  readonly owner: string;
  readonly address?: string;
}

/** A file beside the manifest. */
export interface ManifestOutput extends FileDigest {
  readonly path: string;
  readonly address?: string;
  readonly owner?: string;
  /** Of a disk: the files on it. */
  readonly contents?: readonly (FileDigest & { readonly path: string })[];
}

export interface ManifestDomain {
  readonly name: string;
  readonly domid: number;
  readonly cpus: number;
  readonly pool: string | null;
  readonly banks: readonly { readonly guest: string; readonly machine: string; readonly size: number }[];
}
