import { bodyHash } from "@suar/merkle";
import type { PoolClient, Queryable } from "@suar/runtime";
import type { Anew } from "../anew/decide-anew.ts";
import type { ReleaseContext } from "../context/release-item.ts";
import type { Readers } from "../copies/sights.ts";
import { type InternedReason, internReason } from "../decide/intern-decisions.ts";
import { codesOf, commitEntry } from "../entry/leaf.ts";
import { fromVersion, revocationHash } from "../entry/stated.ts";
import { internAudiences } from "../store/audience.ts";
import { closeRenditions, type LossStub } from "../store/closed.ts";
import { widenCopies } from "../store/redaction.ts";
import { insertEnvelope, type SealedEntry } from "../store/release.ts";
import { widenVersions } from "../store/version.ts";
import type { Lost } from "./lost.ts";
import { whyLost } from "./why-lost.ts";
import { writeStubs } from "./write-stubs.ts";

/** A copy of a version that readers lose; `to`: those of them who are told. */
export type Loss = Lost & { anew: Pick<Anew, "version" | "decision" | "decisions">; to: Readers };

/** Closes copies to those who lose them, and tells these alone; why, their producer. Entries come in the order of the losses. */
export async function takeAway(
  db: PoolClient,
  context: ReleaseContext,
  losses: readonly Loss[],
): Promise<void> {
  if (losses.length === 0) return;
  const left = losses.map(({ sent, readers }) => sent.readers.filter((reader) => !readers.includes(reader)));
  const audienceOf = await internAudiences(db, context.gate, [...left, ...losses.map(({ to }) => to)]);
  await leaveTo(
    db,
    context,
    losses.map((loss, n) => ({ ...loss, audienceId: audienceOf(left[n] ?? []) })),
  );
  const closed = losses.flatMap(({ anew, sent: { renditionId }, readers }) =>
    readers.map((reader) => ({ renditionId, reader, why: whyLost(context, anew, reader) })),
  );
  await closeRenditions(db, closed);
  const stubs = await writeStubs(
    db,
    context,
    losses.map(({ anew, sent }) => ({ kind: anew.version.kind, of: sent.renditionId })),
  );
  const because = { cause: "decided-anew", policyHash: context.policies.hash } as const;
  const reason = await internReason(db, context, because);
  const entries: SealedEntry[] = [];
  // Where its readers have a newer version the entry is for nobody: the log has each loss.
  for (const loss of losses) {
    const stub = stubs.get(loss.sent.renditionId);
    if (stub === undefined) throw new Error("what tells of a loss was not written");
    const recipients = await codesOf(db, context.gate, loss.to);
    entries.push(sealLoss(context, loss, stub, { audienceId: audienceOf(loss.to), recipients, reason }));
  }
  await insertEnvelope(db, entries);
}

/** To those who keep them, under audiences of their own. */
async function leaveTo(
  db: Queryable,
  { producer }: ReleaseContext,
  left: readonly (Loss & { audienceId: number })[],
): Promise<void> {
  const isWhole = ({ sent }: Loss): boolean => sent.viewHash === undefined;
  const versions = left.filter(isWhole).map(({ anew: { version }, audienceId }) => {
    return { stixId: version.stix_id, version: version.version, audienceId };
  });
  const copies = left
    .filter((one) => !isWhole(one))
    .map(({ sent: { renditionId }, audienceId }) => ({ renditionId, audienceId }));
  if (versions.length > 0) await widenVersions(db, producer.id, versions);
  if (copies.length > 0) await widenCopies(db, copies);
}

function sealLoss(
  { gate, producer }: ReleaseContext,
  { anew: { version } }: Loss,
  stub: LossStub,
  to: { audienceId: number; recipients: readonly string[]; reason: InternedReason },
): SealedEntry {
  const { audienceId, recipients, reason } = to;
  const { type, tlp, pap, body } = stub;
  const revocation = revocationHash(version, stub.revocation);
  const place = { kind: "withdrawn", renditionId: stub.id, audienceId };
  const leaf = commitEntry(gate, {
    ...place,
    sent: { id: stub.stix_id, type, tlp, pap, sha256: bodyHash(body), revocation },
    from: fromVersion(version),
    originator: producer.code,
    recipients,
    decision: reason.body,
  });
  return { ...place, decisionId: reason.id, leaf };
}
