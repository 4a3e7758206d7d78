import type { Queryable } from "@suar/runtime";
import type { Anew } from "../anew/decide-anew.ts";
import type { ReleaseContext } from "../context/release-item.ts";
import type { Ruled } from "../copies/copies.ts";
import type { Decided } from "../decide/decided.ts";
import type { Decision } from "../decide/decisions.ts";
import { type ApprovedRow, type PendingRow, selectApproved } from "../store/pending.ts";
import { approvedOutcome } from "./approve.ts";
import { askedOutcomes, essenceAsked, essenceOf } from "./decide-pending.ts";
import { sealLetGo } from "./let-go-before.ts";
import { givenTo, isEnough, settledSeal } from "./sealed.ts";

/**
 * What others have agreed to is not asked of them again while it is the very same that has to be agreed to. What only a
 * row says that they did is.
 */
export async function withApprovals(
  db: Queryable,
  context: ReleaseContext,
  all: readonly Anew[],
): Promise<readonly Anew[]> {
  const asking = all.filter(({ decision }) => decision.asking.length > 0).map(({ version }) => version);
  if (asking.length === 0) return all;
  const places = asking.map(({ stix_id: stixId, version }) => ({ stixId, version }));
  const approved = await selectApproved(db, context.producer.id, places);
  if (approved.length === 0) return all;
  const outcomes = await askedOutcomes(db, approved);
  const byPlace = Map.groupBy(await sealLetGo(db, context, approved, outcomes), placeOf);
  return all.map((anew) => {
    const agreed = byPlace.get(placeOf(anew.version));
    return agreed === undefined ? anew : { ...anew, decision: agreedBy(context, anew, agreed, outcomes) };
  });
}

function placeOf({ stix_id, version }: Pick<PendingRow, "stix_id" | "version">): string {
  return `${stix_id} ${version}`;
}

function agreedBy(
  { gate }: ReleaseContext,
  { item, decision, decisions }: Anew,
  rows: readonly ApprovedRow[],
  outcomes: ReadonlyMap<number, Decided>,
): Decision {
  const agreed: Ruled[] = [];
  let asking = decision.asking;
  for (const approved of rows) {
    const essence = essenceAsked(outcomes, approved);
    if (approved.settled_seal !== settledSeal(gate, approved, essence)) continue;
    const given = givenTo(gate, approved, essence);
    if (!isEnough(approved, given)) continue;
    const isAgreed = (reader: number) => approved.organisations.includes(reader);
    const same = asking.filter(({ outcome }) => essenceOf(outcome) === essence);
    agreed.push(
      ...same.map(({ readers, outcome }) => ({
        readers: readers.filter(isAgreed),
        outcome: approvedOutcome(gate, outcome, { ...approved, approvals: given }),
      })),
    );
    asking = asking.map((one) =>
      same.includes(one) ? { ...one, readers: one.readers.filter((reader) => !isAgreed(reader)) } : one,
    );
  }
  const some = ({ readers }: Ruled) => readers.length > 0;
  const groups = [...decision.groups, ...decisions.group(item.object, agreed.filter(some), decision.victims)];
  return { ...decision, groups, asking: asking.filter(some) };
}
