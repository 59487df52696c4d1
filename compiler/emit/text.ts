import type { Artifact } from "../ir/artifact.ts";

const encoder = new TextEncoder();

export const textArtifact = (path: string, text: string, executable = false): Artifact => ({
  path,
  pieces: [encoder.encode(text)],
  executable,
});

export const bytesArtifact = (path: string, bytes: Uint8Array): Artifact => ({
  path,
  pieces: [bytes],
  executable: false,
});
