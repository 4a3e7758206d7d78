import { type Organisation, PUBLIC } from "@suar/policy";
import type { Queryable } from "@suar/runtime";
import { type Anew, decideAnew } from "../anew/decide-anew.ts";
import { SentBefore } from "../anew/sent-before.ts";
import { statedOf } from "../anew/stated-version.ts";
import type { ReleaseContext } from "../context/release-item.ts";
import type { KnownVersion } from "../judge/judge.ts";
import { selectAudience } from "../store/audience.ts";
import { selectAskedFor, selectClosedTo, selectEntriesOf } from "../store/explained.ts";
import { selectEveryVersion } from "../store/version.ts";
import { type ExplainedLine, type History, lineOf } from "./explain-line.ts";
import { asProducer, toldOf } from "./told-as.ts";

/** What a producer stated, and for each recipient what is decided of it now, what was then, and what came of it. */
export type Explained = {
  version: Pick<KnownVersion, "stix_id" | "version" | "tlp" | "pap" | "withdrawn_at">;
  /** Whom it was addressed to, in this version or a newer one; null: nobody by name. */
  named: readonly string[] | null;
  lines: readonly ExplainedLine[];
};

type Wanted = { stixId: string; version?: string | undefined };

/**
 * Who receives what a producer stated under an id, and why, and who does not: by the decision that the gate would make at
 * this moment (`decideAnew`, which re-evaluation and approvals go by), beside what was kept when it was released. Of the
 * version that is asked for, else of the newest that stands, else of the newest. Undefined for what it never stated.
 *
 * `known` are all organisations, removed ones, too. The producer is told of agencies as `toldOf` has it: those of other
 * members whom it did not name are not in it, and of what they would get the member's line tells by policy alone.
 */
export async function explain(
  db: Queryable,
  context: ReleaseContext,
  { stixId, version: name }: Wanted,
  known: readonly Organisation[],
): Promise<Explained | undefined> {
  const { producer } = context;
  const all = (await selectEveryVersion(db, producer.id, stixId)).sort((a, b) => b.rank - a.rank);
  const version =
    name === undefined
      ? (all.find((one) => one.withdrawn_at === null) ?? all[0])
      : all.find((one) => one.version === name);
  if (version === undefined) return undefined;
  const history = await readHistory(db, version, producer.id);
  const [stated] = await statedOf(db, context, all, (one) => one === version);
  const anew = stated && (await decideAnew(db, context, stated));
  const named = [...new Set(all.flatMap((one) => one.named ?? []))];
  const told = toldOf(linesFor(context, known, history), asProducer(producer, [{ to: named }]));
  const lines = told.map((one): ExplainedLine => {
    return { told: one.told, ...lineOf(one.organisation, version, { context, history, anew }) };
  });
  return { version, named: namedIn(anew, version), lines };
}

/** Those who may receive it, those who did, and the public. */
function linesFor(
  { organisations }: ReleaseContext,
  known: readonly Organisation[],
  history: History,
): Organisation[] {
  const active = new Set(organisations.map(({ id }) => id));
  const gone = known.filter(({ id }) => !active.has(id) && history.has(id));
  const all = [...organisations, ...gone];
  const sorted = all.sort((a, b) => (a.code < b.code ? -1 : 1));
  return sorted.some(({ kind }) => kind === "public") ? sorted : [...sorted, PUBLIC];
}

function namedIn(anew: Anew | undefined, { named }: KnownVersion): readonly string[] | null {
  const said = anew?.decision.subjects.flatMap(({ to }) => to) ?? named ?? [];
  return said.length === 0 ? null : [...new Set(said)].sort();
}

async function readHistory(db: Queryable, version: KnownVersion, producer: number): Promise<History> {
  const { stix_id: stixId, version: name } = version;
  const before = await SentBefore.read(db, new Map([[stixId, [version]]]));
  const sent = before.of(version);
  const entries = await selectEntriesOf(db, producer, {
    renditions: sent.map(({ renditionId }) => renditionId),
    shownIds: sent.map(({ id }) => id),
  });
  const audiences = await selectAudience(db, [...new Set(entries.map((entry) => entry.audience_id))]);
  const asked = await selectAskedFor(db, { producer, stixId, version: name });
  const readersOf = (audience: number) => new Set(audiences.get(audience));
  const told = entries.map((entry) => ({ ...entry, readers: readersOf(entry.audience_id) }));
  const has = (id: number) =>
    sent.some(({ readers }) => readers.includes(id)) || told.some(({ readers }) => readers.has(id));
  const readers = [...new Set(sent.flatMap((copy) => copy.readers))];
  const renditions = sent.map(({ renditionId }) => renditionId);
  // Whoever cannot read it does not have it, whatever it was sent.
  const open = before.without(await selectClosedTo(db, renditions, readers)).of(version);
  return { sent: open, entries: told, asked, has };
}
