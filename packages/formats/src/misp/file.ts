import { ObservableKind, patternFor } from "@suar/stix";
import type { Marking, ValueDetails } from "../draft.ts";
import { drop } from "../drop.ts";
import { ownValue } from "../own-value.ts";
import { canonicalOf } from "../value-kind.ts";
import type { EventReading, Place } from "./event-reading.ts";
import { canonicalDigest, HASH_NAMES } from "./hash-names.ts";
import { loseDescription } from "./pairs.ts";
import { quoted } from "./property-types.ts";

export type FileParts = {
  name: string | undefined;
  /** Digests under MISP's names. */
  hashes: readonly { type: string; value: string }[];
  /** Further properties of the STIX file. */
  extra: Record<string, unknown>;
  toIds: boolean;
  at: string;
  key: string;
  marking: Marking | undefined;
  details: ValueDetails;
};

/**
 * One file object with all that is known of it, and, where it is to be looked for, one indicator of any of its
 * hashes, or of its name where it has none. Returns the file's local.
 */
export function draftFile(parts: FileParts, place: Place, reading: EventReading): string | undefined {
  const { hashes, patterns } = readHashes(parts, reading);
  const hasHashes = Object.keys(hashes).length > 0;
  if (!hasHashes && (parts.name === undefined || parts.hashes.length > 0)) {
    const said = parts.hashes
      .map(({ type, value }) => `${value.length} characters are no ${type}`)
      .join(", ");
    const reason = said === "" ? "A file without a name and without a hash" : said;
    reading.reject(place, "bad-value", reason, drop({ marking: parts.marking, raw: parts.hashes[0]?.value }));
    return undefined;
  }
  const object = drop({
    type: "file",
    spec_version: "2.1",
    name: parts.name,
    hashes: hasHashes ? hashes : undefined,
    ...parts.extra,
  });
  const local = reading.draft(place, "file", `${parts.key}/file`, { kind: "object", object }, parts.marking);
  if (!parts.toIds) loseDescription(parts, reading);
  else draftIndicator(parts, local, patterns, place, reading);
  return local;
}

function draftIndicator(
  parts: FileParts,
  local: string,
  patterns: readonly string[],
  place: Place,
  reading: EventReading,
): void {
  const { validFrom, validUntil, description, labels } = parts.details;
  const pattern = patterns.length > 0 ? `[${patterns.join(" OR ")}]` : namePattern(parts.name);
  if (pattern === undefined) return;
  const object = drop({
    type: "indicator",
    spec_version: "2.1",
    name: parts.name,
    description,
    labels,
    pattern,
    pattern_type: "stix",
    valid_from: validFrom,
    valid_until: validUntil,
  });
  const draft = { kind: "object" as const, object };
  const indicator = reading.draft(place, "indicator", `${parts.key}/indicator`, draft, parts.marking);
  reading.isLookedForBy(local, indicator);
}

function namePattern(name: string | undefined): string | undefined {
  const canonical = name === undefined ? undefined : canonicalOf("filename", name);
  return canonical?.ok === true ? patternFor("filename", canonical.value) : undefined;
}

function readHashes(
  { hashes, at }: FileParts,
  reading: EventReading,
): { hashes: Record<string, string>; patterns: string[] } {
  const read: Record<string, string> = {};
  const patterns: string[] = [];
  for (const { type, value } of hashes) {
    const name = ownValue(HASH_NAMES, type);
    if (name === undefined) continue;
    const kind = ObservableKind.safeParse(type);
    const canonical = kind.success ? canonicalOf(kind.data, value) : otherHash(name, value);
    if (!canonical.ok) {
      if (hashes.length > 1) reading.lose(at, type, `Not a ${name} value: ${value.slice(0, 80)}`);
    } else if (read[name] !== undefined) reading.lose(at, type, "A file has one hash of a kind");
    else {
      read[name] = canonical.value;
      patterns.push(
        kind.success
          ? inner(patternFor(kind.data, canonical.value))
          : `file:hashes.'${name}' = ${quoted(canonical.value)}`,
      );
    }
  }
  return { hashes: read, patterns };
}

function otherHash(name: string, value: string): { ok: true; value: string } | { ok: false } {
  const digest = canonicalDigest(name, value);
  return digest === undefined ? { ok: false } : { ok: true, value: digest };
}

/** The comparison within `[…]`. */
function inner(pattern: string): string {
  return pattern.slice(1, -1);
}
