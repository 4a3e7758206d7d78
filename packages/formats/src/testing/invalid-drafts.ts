import { formatIssue, isObservable, parseStixObject, scoId } from "@suar/stix";
import type { Collected } from "./collect-drafts.ts";

const TIME = "2026-03-01T00:00:00.000Z";

/** What is wrong with the objects of drafts, once they have what normalization gives them: nothing, in a right reader. */
export function issuesOf({ drafts }: Collected): string[] {
  return drafts.flatMap((draft) => {
    if (draft.kind !== "object") return [];
    const type = String(draft.object.type);
    const filled = isObservable(type)
      ? { id: scoId({ ...draft.object, type }) }
      : { id: draft.local, created: TIME, ...(type !== "marking-definition" && { modified: TIME }) };
    const dated = type === "indicator" ? { valid_from: TIME } : type === "report" ? { published: TIME } : {};
    const parsed = parseStixObject({ ...filled, ...dated, ...draft.object });
    return parsed.ok ? [] : parsed.issues.map((issue) => `${draft.at} ${type} ${formatIssue(issue)}`);
  });
}
