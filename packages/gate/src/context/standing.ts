import { type Organisation, type PolicySet, policiesOf } from "@suar/policy";
import { type Queryable, readWholeStanding } from "@suar/runtime";
import { lockProducer } from "../store/version.ts";
import type { ReleaseContext } from "./release-item.ts";

/**
 * What a submission had planned for all that it holds no longer holds: policies, agreements or members changed. Nothing
 * was released; whoever planned it plans anew, in a context of this moment.
 */
export class PlanOutdated extends Error {
  override readonly name = "PlanOutdated";
}

/**
 * Takes the producer's lock, and makes sure that the context is still true now that it is held; else the answer is one
 * that is. A change that comes later is followed by a pass, which waits for this lock and finds what was released under
 * it: so nothing is ever left as an older standing had decided it. Throws PlanOutdated where a plan went with the old one.
 */
export async function lockStanding(db: Queryable, context: ReleaseContext): Promise<ReleaseContext> {
  const { gate, producer } = context;
  const { standing, now } = await lockProducer(db, gate.realm, producer.id);
  const isSame = context.standing === standing && !gate.trust.isSuperseded(context.policies);
  if (context.planned !== undefined && !(isSame && !hasTurned(context.policies, context.now, now)))
    throw new PlanOutdated("what was planned is decided otherwise by now");
  return { ...context, ...(isSame ? { now } : await standingFor(db, context)), writes: true };
}

/** Everybody of this moment and the policies; its producer is among them, although it was removed: it was acknowledged. */
export async function standingFor(
  db: Queryable,
  { gate, producer }: Pick<ReleaseContext, "gate" | "producer">,
): Promise<Pick<ReleaseContext, "organisations" | "policies" | "standing" | "now">> {
  const whole = await readWholeStanding(db, gate.trust);
  const { organisations: active, policies, agreements, fingerprint: standing, now } = whole;
  const withAgreements = (one: Organisation): Organisation => ({
    ...one,
    agreements: agreements.get(one.member) ?? [],
  });
  const removed = active.some(({ id }) => id === producer.id) ? [] : [producer];
  const organisations = [...active.filter(gate.admits), ...[...removed, ...gate.readers].map(withAgreements)];
  return { organisations, policies, standing, now };
}

/** Whether a policy, or the ground that it stands on, began or ended between two moments. */
export function hasTurned(policies: PolicySet, from: number, to: number): boolean {
  return turnsOf(policies).some((turn) => from < turn && turn <= to);
}

const known = new WeakMap<PolicySet, readonly number[]>();

function turnsOf(policies: PolicySet): readonly number[] {
  const before = known.get(policies);
  if (before !== undefined) return before;
  const all = policiesOf(policies).flatMap(({ from, until, basis }) => [
    from,
    until,
    basis.signed,
    basis.expires,
  ]);
  const turns = [...new Set(all)].filter(Number.isFinite);
  known.set(policies, turns);
  return turns;
}
