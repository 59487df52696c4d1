/** A file that the user named. `path` is as written, relative to the config: it may go into outputs. */
export interface InputFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}
