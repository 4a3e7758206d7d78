import { ObservableKind, patternFor } from "@suar/stix";
import type { Marking, ValueDetails } from "../draft.ts";
import { drop } from "../drop.ts";
import { canonicalOf } from "../value-kind.ts";
import { HASH_NAMES } from "./attribute-types.ts";
import type { EventReading, Place } from "./event-reading.ts";
import { loseDescription } from "./pairs.ts";

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
  else draftIndicator(parts, patterns, place, reading);
  return local;
}

function draftIndicator(
  parts: FileParts,
  patterns: readonly string[],
  place: Place,
  reading: EventReading,
): void {
  const { validFrom, description, labels } = parts.details;
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
  });
  reading.draft(place, "indicator", `${parts.key}/indicator`, { kind: "object", object }, parts.marking);
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
    const name = HASH_NAMES[type];
    if (name === undefined) continue;
    const kind = ObservableKind.safeParse(type);
    const canonical = kind.success ? canonicalOf(kind.data, value) : otherHash(value);
    if (!canonical.ok) {
      if (hashes.length > 1) reading.lose(at, type, `Not a ${name} value: ${value.slice(0, 80)}`);
    } else if (read[name] !== undefined) reading.lose(at, type, "A file has one hash of a kind");
    else {
      read[name] = canonical.value;
      patterns.push(
        kind.success
          ? inner(patternFor(kind.data, canonical.value))
          : `file:hashes.'${name}' = '${canonical.value}'`,
      );
    }
  }
  return { hashes: read, patterns };
}

function otherHash(value: string): { ok: true; value: string } | { ok: false } {
  return /^[0-9a-fT]{32,128}$/i.test(value) ? { ok: true, value: value.toLowerCase() } : { ok: false };
}

/** The comparison within `[…]`. */
function inner(pattern: string): string {
  return pattern.slice(1, -1);
}
