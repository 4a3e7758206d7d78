import { isObservable, parseStixObject, scoFor } from "@suar/stix";
import type { Draft } from "../draft.ts";
import { canonicalOf } from "../value-kind.ts";
import type { Collected } from "./collect-drafts.ts";

const TIME = "2026-03-01T00:00:00.000Z";

/** What is wrong with the objects that were drafted, each by STIX's own rules once it has what Suar fills in. */
export function faultsOf({ drafts }: Collected): string[] {
  const known = new Set(drafts.map(({ local }) => local));
  return drafts.flatMap((draft) => {
    const dangling = [...JSON.stringify(draft).matchAll(/[a-z0-9-]+--10ca10ca-[0-9a-f-]{27}/g)]
      .map(([name]) => name)
      .filter((name) => !known.has(name));
    return [...faultOf(draft), ...dangling.map((name) => `${draft.at}: nobody is called ${name}`)];
  });
}

function faultOf(draft: Draft): string[] {
  if (draft.kind === "value") {
    const canonical = canonicalOf(draft.value.kind, draft.value.raw);
    if (!canonical.ok) return [`${draft.at}: ${canonical.message}`];
    if (draft.value.kind === "cve") return [];
    const isBare = draft.as === "observable" && scoFor(draft.value.kind, canonical.value) === undefined;
    return isBare ? [`${draft.at}: no observable of ${draft.value.kind}`] : [];
  }
  const type = String(draft.object.type);
  const times = isObservable(type) ? {} : { created: TIME, modified: TIME };
  const since = type === "indicator" ? { valid_from: TIME } : type === "report" ? { published: TIME } : {};
  const parsed = parseStixObject({ ...times, ...since, ...draft.object, id: draft.local });
  return parsed.ok ? [] : parsed.issues.map((issue) => `${draft.at} ${type}: ${JSON.stringify(issue)}`);
}
