import type { ObservableKind } from "./observable-kind.ts";

const BY_ALGORITHM: Readonly<Record<string, ObservableKind>> = {
  MD5: "md5",
  SHA1: "sha1",
  SHA256: "sha256",
  SHA512: "sha512",
  SSDEEP: "ssdeep",
};

/** The kind of a hash by the name of its algorithm, `SHA-256` and `sha256` alike. */
export function hashKind(algorithm: string): ObservableKind | undefined {
  const name = algorithm.replace(/[-_]/g, "").toUpperCase();
  return Object.hasOwn(BY_ALGORITHM, name) ? BY_ALGORITHM[name] : undefined;
}

/** The names that hash-algorithm-ov gives the kinds that are hashes. */
export const ALGORITHMS: Readonly<Partial<Record<ObservableKind, string>>> = {
  md5: "MD5",
  sha1: "SHA-1",
  sha256: "SHA-256",
  sha512: "SHA-512",
  ssdeep: "SSDEEP",
};
