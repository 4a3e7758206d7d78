import { canonicalize, kindsOfObject, type ObservableKind } from "@suar/stix";

export type CanonicalObservable =
  | { ok: true; object: Record<string, unknown> }
  | { ok: false; code: string; path: string; message: string };

/**
 * STIX takes names, URLs and mailboxes that our canonical form does not know (host names without a domain,
 * relative references); a producer's own object keeps those as they are. An address is one or it is none.
 */
const KEPT_AS_WRITTEN = new Set(["domain-name", "email-addr", "url"]);

const HASHES: ReadonlyMap<string, ObservableKind> = new Map([
  ["MD5", "md5"],
  ["SHA-1", "sha1"],
  ["SHA-256", "sha256"],
  ["SHA-512", "sha512"],
]);

/** An observable with its value and its hashes in canonical form. */
export function canonicalObservable(object: Record<string, unknown>): CanonicalObservable {
  const type = String(object.type);
  const kinds = kindsOfObject(type);
  const { value, hashes } = object;
  if (kinds.length > 0 && typeof value === "string") {
    const canonical = firstCanonical(kinds, value);
    if (canonical !== undefined)
      return { ok: true, object: canonical === value ? object : { ...object, value: canonical } };
    if (KEPT_AS_WRITTEN.has(type)) return { ok: true, object };
    return {
      ok: false,
      code: "bad-value",
      path: "/value",
      message: `Not the value of ${type}: ${value.slice(0, 80)}`,
    };
  }
  if (typeof hashes === "object" && hashes !== null && !Array.isArray(hashes))
    return canonicalHashes(object, hashes);
  return { ok: true, object };
}

function firstCanonical(kinds: readonly ObservableKind[], value: string): string | undefined {
  for (const kind of kinds) {
    const canonical = canonicalize(kind, value);
    if (canonical.ok) return canonical.value;
  }
  return undefined;
}

function canonicalHashes(object: Record<string, unknown>, hashes: object): CanonicalObservable {
  const canonical: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(hashes)) {
    const kind = HASHES.get(name);
    const result = kind === undefined || typeof value !== "string" ? undefined : canonicalize(kind, value);
    if (result?.ok === false)
      return { ok: false, code: "bad-value", path: `/hashes/${name}`, message: `Not a ${name} value` };
    canonical[name] = result?.value ?? value;
  }
  return { ok: true, object: { ...object, hashes: canonical } };
}
