import type { ObservableKind } from "@suar/stix";
import { ownValue } from "../own-value.ts";
import { quoted } from "../pattern-expression.ts";
import type { Part } from "./values.ts";

/** Algorithms by the last word of their URI (RFC 6931), as `…xmldsig#sha1` and `…xmlenc#sha256`. */
const HASHES: Readonly<
  Record<string, { bytes: number; kind: ObservableKind } | { bytes: number; name: string }>
> = {
  md5: { bytes: 16, kind: "md5" },
  sha1: { bytes: 20, kind: "sha1" },
  sha224: { bytes: 28, name: "SHA-224" },
  sha256: { bytes: 32, kind: "sha256" },
  sha384: { bytes: 48, name: "SHA-384" },
  sha512: { bytes: 64, kind: "sha512" },
};

const LONGEST_WORD = 40;

/** A digest of a file, which XML signatures write in base64 and most tools in hexadecimal. */
export function digestOf(algorithm: string, written: string): Part | undefined {
  const word =
    /([a-z0-9-]+)$/i.exec(algorithm.trim().slice(-LONGEST_WORD))?.[1]?.toLowerCase().replace("-", "") ?? "";
  const hash = ownValue(HASHES, word);
  if (hash === undefined) return undefined;
  const raw = hexOf(written.replace(/\s/g, ""), hash.bytes);
  if (raw === undefined) return undefined;
  return "kind" in hash
    ? { value: { kind: hash.kind, raw } }
    : { text: `file:hashes.'${hash.name}' = ${quoted(raw)}` };
}

function hexOf(text: string, length: number): string | undefined {
  if (/^[0-9a-f]+$/i.test(text) && text.length === 2 * length) return text.toLowerCase();
  const bytes = Buffer.from(text, "base64");
  return bytes.length === length ? bytes.toString("hex") : undefined;
}

const ALGORITHMS: Readonly<Record<number, string>> = {
  32: "md5",
  40: "sha1",
  56: "sha224",
  64: "sha256",
  96: "sha384",
  128: "sha512",
};

/** The algorithm that a digest in hexadecimal shows by its length. */
export function algorithmShown(digest: string): string {
  return ALGORITHMS[digest.length] ?? "";
}
