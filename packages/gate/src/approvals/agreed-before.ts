import type { Queryable } from "@suar/runtime";
import type { Anew } from "../anew/decide-anew.ts";
import type { ReleaseContext } from "../context/release-item.ts";
import type { Ruled } from "../copies/copies.ts";
import type { Decision } from "../decide/decisions.ts";
import { selectApproved } from "../store/pending.ts";
import { approvedOutcome } from "./approve.ts";
import { askedFor, essenceOf } from "./decide-pending.ts";
import { givenTo, isEnough } from "./sealed.ts";

/**
 * What others have agreed to is not asked of them again while it is the very same that has to be agreed to. What only a
 * row says that they did is.
 */
export async function withApprovals(
  db: Queryable,
  { producer, gate }: ReleaseContext,
  { version, item, decision, decisions }: Anew,
): Promise<Decision> {
  if (decision.asking.length === 0) return decision;
  const place = { producer: producer.id, stixId: version.stix_id, version: version.version };
  const agreed: Ruled[] = [];
  let asking = decision.asking;
  for (const approved of await selectApproved(db, place)) {
    const essence = await askedFor(db, approved);
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
