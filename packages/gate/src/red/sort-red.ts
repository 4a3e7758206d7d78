import { hash as digest } from "node:crypto";
import type { StixObject } from "@suar/stix";
import type { JudgeContext, ReleaseItem, ReleaseOutcome } from "../context/release-item.ts";
import { judge } from "../judge/judge.ts";

/** Something that is said to people: `object` with the times that Suar filled in, `said` what tells it from others. */
export type RedItem = { item: ReleaseItem; index: number; object: StixObject; said: Buffer };

const SAME_VERSION =
  "This submission states the id and modified time with other content, too; give it a newer modified";
const FIRST_KEPT = "This submission says other things of the same value: those were kept";

/**
 * Judges each item by itself and beside the others of its submission, and against nothing that was stated before:
 * what is said to people neither follows nor supersedes what was said to organisations, or by a colleague. Pure.
 */
export function sortRed(
  items: readonly ReleaseItem[],
  context: JudgeContext,
): { outcomes: ReleaseOutcome[]; stated: RedItem[] } {
  const outcomes: ReleaseOutcome[] = [];
  const stated: RedItem[] = [];
  const byVersion = new Map<string, Buffer>();
  for (const [index, item] of items.entries()) {
    const { id } = item.object;
    const verdict = judge(item, [], context);
    if (verdict.kind === "done") outcomes.push(verdict.outcome);
    if (verdict.kind !== "new") continue;
    const version = `${id} ${verdict.version}`;
    const before = byVersion.get(version);
    if (before !== undefined) {
      outcomes.push(again(item, before.equals(verdict.hash)));
      continue;
    }
    byVersion.set(version, verdict.hash);
    outcomes.push({ outcome: "accepted", id });
    const object = verdict.times === undefined ? item.object : { ...item.object, ...verdict.times };
    stated.push({ item, index, object, said: saidOf(item, verdict) });
  }
  return { outcomes, stated };
}

function again({ object: { id }, generated }: ReleaseItem, isSame: boolean): ReleaseOutcome {
  if (isSame) return { outcome: "merged", id };
  if (generated) return { outcome: "merged", id, code: "first-kept", reason: FIRST_KEPT };
  return { outcome: "rejected", id, code: "same-version-differs", reason: SAME_VERSION };
}

/** What Suar itself gave a time is the same whenever it is said. */
function saidOf({ generated }: ReleaseItem, { version, hash }: { version: string; hash: Buffer }): Buffer {
  return generated ? hash : digest("sha256", `${version} ${hash.toString("base64")}`, "buffer");
}
