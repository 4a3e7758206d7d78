import type { Draft } from "@suar/formats";
import { MalformedText } from "./content-hash.ts";
import { findWarnings } from "./find-warnings.ts";
import { normalizeObject } from "./normalize-object.ts";
import { normalizeValue } from "./normalize-value.ts";
import type { DraftContext, Normalized, NormalizeResult } from "./normalized.ts";

/**
 * Turns a draft into STIX objects: values canonical, ids final and the same at every submission, everything
 * valid. Pure; what markings and references come to is decided once the whole submission is known.
 */
export function normalizeDraft(draft: Draft, context: DraftContext): NormalizeResult {
  try {
    const result = draft.kind === "value" ? normalizeValue(draft, context) : normalizeObject(draft, context);
    return result.ok ? { ok: true, items: result.items.map((item) => warned(item, context)) } : result;
  } catch (error) {
    const reason = whyUnstorable(draft, error);
    if (reason === undefined) throw error;
    return { ok: false, reject: { index: draft.index, at: draft.at, code: "malformed-text", reason } };
  }
}

/** A hit is told, and changes nothing of what is said. */
function warned(item: Normalized, { warnings: lists }: DraftContext): Normalized {
  const warnings = findWarnings(lists, item.object, item.keys);
  return warnings.length === 0 ? item : { ...item, warnings };
}

function whyUnstorable(draft: Draft, error: unknown): string | undefined {
  if (error instanceof MalformedText) return error.message;
  // Half a surrogate pair, which JSON may escape, has no canonical form and no UTF-8.
  return error instanceof TypeError && !isWellFormed(draft) ? "It holds half a surrogate pair" : undefined;
}

function isWellFormed(draft: Draft): boolean {
  return !/\\ud[89a-f][0-9a-f]{2}/i.test(JSON.stringify(draft));
}
