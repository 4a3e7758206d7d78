import { canonicalOf, type ValueDetails, type ValueDraft } from "@suar/formats";
import {
  classifyValue,
  keyedId,
  keysOf,
  type ObservableKind,
  observableKey,
  patternFor,
  refang,
  type StixObject,
  scoFor,
} from "@suar/stix";
import { contentHash } from "./content-hash.ts";
import type { DraftContext, Normalized, NormalizeResult } from "./normalized.ts";

/** A value as an indicator, an observable, or, for a flaw's number, a vulnerability. */
export function normalizeValue(draft: ValueDraft, context: DraftContext): NormalizeResult {
  const { kind, raw } = draft.value;
  const canonical = canonicalOf(kind, raw);
  if (!canonical.ok) {
    const code = canonical.code === "too-long" ? "too-long" : "bad-value";
    const reason = `Not of kind ${kind}, ${canonical.message}: ${raw.slice(0, 80)}`;
    return { ok: false, reject: { index: draft.index, at: draft.at, code, reason } };
  }
  if (kind === "cve") return { ok: true, items: [vulnerability(draft, canonical.value, context)] };
  const observable = draft.as === "observable" ? scoFor(kind, canonical.value) : undefined;
  if (observable === undefined)
    return {
      ok: true,
      items: [
        {
          ...indicator(draft, kind, canonical.value, context),
          ...said(draft, kind, canonical.value, context),
        },
      ],
    };
  const keys = keysOf(observable);
  return { ok: true, items: [item(draft, observable, keys, [], false)] };
}

/** What an organisation says by value has the id that this platform gives it; else its row has its id. */
function said(
  { said }: ValueDraft,
  kind: ObservableKind,
  value: string,
  context: DraftContext,
): Pick<Normalized, "said"> {
  if (said === undefined) return {};
  const own = indicatorId(kind, value, { ...context, producer: said.by });
  return { said: { ...said, byValue: own } };
}

/** The ids that a text would have as an indicator, an observable or a flaw, whichever kinds it shows to be of. */
export function idsOfValue(raw: string, context: DraftContext): string[] {
  const text = refang(raw.trim());
  const kind = classifyValue(text);
  const canonical = kind === undefined ? undefined : canonicalOf(kind, text);
  if (kind === undefined || canonical?.ok !== true) return [];
  const { value } = canonical;
  const observable = scoFor(kind, value);
  return kind === "cve"
    ? [vulnerabilityId(value, context)]
    : [indicatorId(kind, value, context), ...(observable === undefined ? [] : [observable.id])];
}

/** One indicator a producer and pattern: saying it again is the same object. */
function indicatorId(kind: ObservableKind, value: string, context: DraftContext): string {
  return keyedId(context.idMac, "indicator", context.producer, patternFor(kind, value));
}

function vulnerabilityId(value: string, context: DraftContext): string {
  return keyedId(context.idMac, "vulnerability", context.producer, value);
}

const RECEIVED: readonly string[] = ["created", "modified"];
const RECEIVED_AND_VALID: readonly string[] = ["created", "modified", "valid_from"];

function indicator(
  draft: ValueDraft,
  kind: ObservableKind,
  value: string,
  context: DraftContext,
): Normalized {
  const { details } = draft;
  const pattern = patternFor(kind, value);
  const since = details.validFrom ?? details.firstSeen;
  const object: Record<string, unknown> & { type: string; id: string } = {
    type: "indicator",
    spec_version: "2.1",
    id: indicatorId(kind, value, context),
    created: context.receivedAt,
    modified: context.receivedAt,
    created_by_ref: context.producerIdentity,
    name: details.name ?? value,
    pattern,
    pattern_type: "stix",
    valid_from: since ?? context.receivedAt,
  };
  describe(object, details);
  // An end before the beginning would be no valid indicator (§4.7); the beginning was only assumed then.
  if (details.validUntil !== undefined) {
    object.valid_until = details.validUntil;
    if (since === undefined && details.validUntil <= context.receivedAt)
      object.valid_from = dayBefore(details.validUntil);
  }
  return item(
    draft,
    object as StixObject,
    [observableKey(kind, value)],
    since === undefined ? RECEIVED_AND_VALID : RECEIVED,
    true,
  );
}

function vulnerability(draft: ValueDraft, value: string, context: DraftContext): Normalized {
  const object: Record<string, unknown> & { type: string; id: string } = {
    type: "vulnerability",
    spec_version: "2.1",
    id: vulnerabilityId(value, context),
    created: context.receivedAt,
    modified: context.receivedAt,
    created_by_ref: context.producerIdentity,
    name: value,
    external_references: [{ source_name: "cve", external_id: value }],
  };
  describe(object, draft.details);
  return item(draft, object as StixObject, [observableKey("cve", value)], RECEIVED, true);
}

function describe(object: Record<string, unknown>, details: ValueDetails): void {
  if (details.description !== undefined) object.description = details.description;
  if (details.labels !== undefined && details.labels.length > 0) object.labels = details.labels;
  if (details.confidence !== undefined) object.confidence = details.confidence;
  if (details.externalReferences !== undefined && details.externalReferences.length > 0) {
    const own = object.external_references;
    object.external_references = [...(Array.isArray(own) ? own : []), ...details.externalReferences];
  }
}

function dayBefore(timestamp: string): string {
  return new Date(Date.parse(timestamp) - 86_400_000).toISOString();
}

function item(
  draft: ValueDraft,
  object: StixObject,
  keys: string[],
  filled: readonly string[],
  generated: boolean,
): Normalized {
  const normalized: Normalized = {
    index: draft.index,
    object,
    contains: draft.contains ?? [],
    generated,
    contentHash: contentHash(object, filled),
    keys,
  };
  if (draft.local !== undefined) normalized.local = draft.local;
  if (draft.marking?.tlp !== undefined) normalized.tlp = draft.marking.tlp;
  if (draft.marking?.pap !== undefined) normalized.pap = draft.marking.pap;
  if (draft.to !== undefined) normalized.to = draft.to;
  return normalized;
}
