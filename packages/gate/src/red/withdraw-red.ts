import { AppError } from "@suar/contract";
import type { PoolClient } from "@suar/runtime";
import type { Gate } from "../context/gate.ts";
import { codesOf } from "../entry/leaf.ts";
import { internAudience } from "../store/audience.ts";
import { eraseInboxItems, lockSubmitter, selectSentItems } from "../store/inbox.ts";
import { insertEnvelope } from "../store/release.ts";
import { commitRed } from "./commit-red.ts";

/**
 * Takes back what one submission said to people: the bodies are erased from all inboxes in this transaction, and one
 * more entry that nobody is shown tells the log. `isOwn` says whether the caller speaks for its submitter. Throws
 * `not-found` or `already-withdrawn`.
 */
export async function withdrawRed(
  db: PoolClient,
  gate: Gate,
  submissionId: string,
  isOwn: (sent: { submitter: string; producer: number }) => boolean,
): Promise<void> {
  const [found] = await selectSentItems(db, submissionId);
  if (found === undefined || !isOwn(found)) throw new AppError("not-found");
  await lockSubmitter(db, gate.realm, found.submitter);
  const [item = found] = await selectSentItems(db, submissionId);
  if (item.withdrawn_at !== null) throw new AppError("already-withdrawn");
  await eraseInboxItems(db, submissionId);
  const kind = "withdrawn";
  const place = { renditionId: item.rendition_id, audienceId: await internAudience(db, gate, []) };
  const [originator = ""] = await codesOf(db, gate, [item.producer]);
  const leaf = commitRed(gate, { kind, ...place, submissionId, hash: item.content_hash, originator });
  await insertEnvelope(db, [{ kind, ...place, decisionId: null, leaf }]);
}
