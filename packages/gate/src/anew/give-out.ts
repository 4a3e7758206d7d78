import type { PoolClient, Queryable } from "@suar/runtime";
import type { ReleaseContext } from "../context/release-item.ts";
import { keptDecision } from "../decide/decided.ts";
import { againSend, type Send } from "../judge/judge-release.ts";
import { sendAgain } from "../send/send-again.ts";
import { lapseDecidedAnew, selectAwaited, selectWords } from "../store/asked-anew.ts";
import { closeAt } from "../store/closed.ts";
import type { Anew } from "./decide-anew.ts";

/** What of a version newly goes to readers, or is asked. */
export function sendOf(context: ReleaseContext, { version, item, decision, before }: Anew): Send {
  const one = { kind: "again", item, index: 0, version } as const;
  return { ...againSend(context, one, decision, before), addressed: undefined };
}

/** Sends what is due to those who do not have it, and asks where somebody has to agree; all are by the same decisions. */
export async function giveOut(
  db: PoolClient,
  context: ReleaseContext,
  all: readonly { anew: Anew; send: Send }[],
): Promise<void> {
  const [first] = all;
  if (first === undefined) return;
  await lapseAsked(db, context, all);
  const asking = all.filter(({ send }) => send.asking.length > 0).map(({ anew }) => placeOf(anew));
  // Who submitted it does not come to approve it because somebody else decided it anew.
  const words = asking.length === 0 ? [] : await selectWords(db, context.producer.id, asking);
  const wordOf = new Map(words.map(({ stix_id: id, version, word }) => [`${id} ${version}`, word]));
  const sends = all.map(({ send }) => send);
  await sendAgain(db, context, sends, first.anew, ({ stixId, version }) =>
    wordOf.get(`${stixId} ${version}`),
  );
  await endInTime(db, context, all);
}

function placeOf({ version: { stix_id: stixId, version } }: Anew) {
  return { stixId, version };
}

async function lapseAsked(
  db: Queryable,
  { producer }: ReleaseContext,
  all: readonly { anew: Anew; send: Send }[],
): Promise<void> {
  const ids = new Set(all.map(({ anew }) => anew.version.stix_id));
  const awaited = new Set(await selectAwaited(db, producer.id, [...ids]));
  const rows = all
    .filter(({ anew }) => awaited.has(anew.version.stix_id))
    .map(({ anew, send }) => ({
      ...placeOf(anew),
      asked: send.asking.map(({ outcome }) => keptDecision(outcome).hash),
    }));
  if (rows.length > 0) await lapseDecidedAnew(db, producer.id, rows);
}

/** What was sent of it is over when the version is by now: its originator may have said so since. */
async function endInTime(
  db: Queryable,
  { producer }: ReleaseContext,
  all: readonly { anew: Anew }[],
): Promise<void> {
  const closings = all.flatMap(({ anew: { item, sent } }) => {
    const at = item.limits?.expires;
    return at === undefined ? [] : sent.map(({ renditionId }) => ({ renditionId, at }));
  });
  if (closings.length > 0) await closeAt(db, producer.id, closings, "sent");
}
