import type { ExplainedReceipt } from "@suar/contract";
import { explainEntry, pageOfPolicy, received } from "@suar/gate";
import { pairOf } from "@suar/policy";
import type { DirectoryEntry, Platform } from "@suar/runtime";
import type { Asked } from "./explain-stated.ts";
import { type AssertionRow, selectAssertions } from "./store/assertion.ts";

/**
 * What others stated under an id and the caller's organisation received: for each of them its own line. Which entries
 * these are is asked under row-level security; the decision that was kept with each is then read as the writing role.
 */
export async function explainReceived(platform: Platform, asked: Asked): Promise<ExplainedReceipt[]> {
  const { caller, realm, object, member } = asked;
  const { organisation } = caller;
  if (member !== undefined && member !== organisation.code) return [];
  const rows = await realm.readAs(organisation.id, async (db) => await selectAssertions(db, object));
  const others = rows.filter(({ producer }) => producer !== organisation.id);
  return await Promise.all(
    others.map(async (row) => {
      const producer = await platform.directory.byId(row.producer);
      if (producer === undefined) throw new Error("the producer is not in the directory");
      return await describeReceived(asked, row, producer);
    }),
  );
}

async function describeReceived(
  { caller, realm, policies }: Asked,
  { tlp, seq, at, withdrawn }: AssertionRow,
  producer: DirectoryEntry,
): Promise<ExplainedReceipt> {
  const { organisation } = caller;
  const kept = withdrawn
    ? undefined
    : await explainEntry(realm.write, seq, { producer, reader: organisation });
  const pair = pairOf(policies, producer.member, organisation.member);
  const name = `${producer.member}-${organisation.member}`;
  return {
    producer: producer.code,
    organisation: organisation.code,
    state: withdrawn ? "withdrawn" : "released",
    ...{ tlp, seq, at },
    decision: kept === undefined ? null : received(kept),
    policy:
      pair === undefined
        ? null
        : { pair: name, version: pair.policy.version, standing: pair.standing, page: pageOfPolicy(name) },
  };
}
