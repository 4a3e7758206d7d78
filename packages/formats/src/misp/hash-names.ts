/**
 * MISP's digests under the names of STIX's hash vocabulary (§10.7), or, where that has none, under MISP's own in the
 * letters that a dictionary's key may have (§2.7).
 */
export const HASH_NAMES: Readonly<Record<string, string>> = {
  md5: "MD5",
  sha1: "SHA-1",
  sha224: "SHA-224",
  sha256: "SHA-256",
  sha384: "SHA-384",
  sha512: "SHA-512",
  "sha512/224": "SHA-512-224",
  "sha512/256": "SHA-512-256",
  "sha3-224": "SHA3-224",
  "sha3-256": "SHA3-256",
  "sha3-384": "SHA3-384",
  "sha3-512": "SHA3-512",
  ssdeep: "SSDEEP",
  tlsh: "TLSH",
  authentihash: "AUTHENTIHASH",
  cdhash: "CDHASH",
  imphash: "IMPHASH",
  impfuzzy: "IMPFUZZY",
  pehash: "PEHASH",
  telfhash: "TELFHASH",
  vhash: "VHASH",
};

/** Those of a certificate, which MISP names by what they are of. */
export const FINGERPRINTS: Readonly<Record<string, string>> = {
  "x509-fingerprint-md5": "MD5",
  "x509-fingerprint-sha1": "SHA-1",
  "x509-fingerprint-sha256": "SHA-256",
};

const DIGITS: Readonly<Record<string, number>> = {
  MD5: 32,
  "SHA-1": 40,
  "SHA-224": 56,
  "SHA-256": 64,
  "SHA-384": 96,
  "SHA-512": 128,
  "SHA-512-224": 56,
  "SHA-512-256": 64,
  "SHA3-224": 56,
  "SHA3-256": 64,
  "SHA3-384": 96,
  "SHA3-512": 128,
  AUTHENTIHASH: 64,
  IMPHASH: 32,
  PEHASH: 40,
};

/** A digest as it is compared; nothing where it has not the length or the signs of its kind. */
export function canonicalDigest(name: string, value: string): string | undefined {
  const digits = DIGITS[name];
  if (digits !== undefined)
    return value.length === digits && /^[0-9a-f]+$/i.test(value) ? value.toLowerCase() : undefined;
  // Those that are no plain number of bits have signs of their own, whose case may count.
  if (value.length > 512 || !/^[\x21-\x7e]+$/.test(value)) return undefined;
  return name === "TLSH" ? value.toUpperCase() : value;
}
