import { raiseAlerts } from "@suar/contract";
import { type Entry, type Matcher, shareTail, type Tail, visibleTo } from "@suar/log";
import { type Platform, type Realm, type Stop, startLoop, transaction } from "@suar/runtime";
import { uuidv5 } from "@suar/stix";
import {
  insertAlerts,
  lockCursor,
  moveCursor,
  type NewAlert,
  type RuleRow,
  selectOrganisationsWithQueued,
  selectRules,
} from "../store/alert.ts";

const PAGE = 500;
const IDLE_MS = 1_000;
/** Alerts are about what others report; an alert never raises an alert. */
const RAISING = new Set(["released", "advisory"]);
const NAMESPACE = "0b9f1c52-8a37-5e0c-8f5b-6d6f3a1c7e20";

/**
 * Matches the log against every member's alert rules. Alerts and the cursor are written together, and then
 * the queue is woken for each organisation that has any waiting (also those a crash left behind).
 */
export async function startMatching(platform: Platform, realm: Realm): Promise<{ stop: Stop }> {
  const tail = await shareTail(realm, platform);
  let wokenAt = 0;
  let hasRules = false;
  // Held from one step to the next: what organisations watch stays known for as long.
  let compiled: readonly Compiled[] = [];
  const loop = startLoop({
    name: `alerts:${realm.name}`,
    log: platform.log,
    busyMs: 50,
    idleMs: IDLE_MS,
    step: async () => {
      const rules = await selectRules(realm.write);
      hasRules = rules.length > 0;
      compiled = await compileRules(tail, rules, compiled);
      const { more, raised } = await matchOnce(realm, tail, compiled);
      if (!raised && Date.now() - wokenAt < IDLE_MS) return more;
      wokenAt = Date.now();
      for (const organisationId of await selectOrganisationsWithQueued(realm.write)) {
        await platform.queue.wake(realm.name, raiseAlerts, { organisationId }, String(organisationId));
      }
      return more;
    },
  });
  const unmove = tail.onMove(
    () => loop.wake(),
    () => hasRules,
  );
  return {
    stop: async () => {
      unmove();
      await loop.stop();
      await tail.stop();
    },
  };
}

/** With all that rules may ask of an entry. */
const EVERYTHING: Matcher = Object.assign(() => true, { asksNamed: true });

type Compiled = RuleRow & { matches: Matcher };
type Matched = { more: boolean; raised: boolean };
const NOTHING: Matched = { more: false, raised: false };

/** A rule is never edited: what was compiled of it stays. */
async function compileRules(
  tail: Tail,
  rules: readonly RuleRow[],
  before: readonly Compiled[],
): Promise<readonly Compiled[]> {
  const known = new Map(before.map(({ id, matches }) => [id, matches]));
  const compiled: Compiled[] = [];
  for (const rule of rules) {
    const matches = known.get(rule.id) ?? (await tail.filterFor(rule.filter, rule.organisation_id));
    compiled.push({ ...rule, matches });
  }
  return compiled;
}

async function matchOnce(realm: Realm, tail: Tail, rules: readonly Compiled[]): Promise<Matched> {
  if (rules.length === 0) return NOTHING;
  return await transaction(
    realm.write,
    async (db) => {
      const cursor = await lockCursor(db);
      if (cursor === undefined) return NOTHING;
      // Where nobody had rules for a while, the cursor stood still.
      const after = Math.max(cursor, Math.min(...rules.map((rule) => rule.after)));
      if (after >= tail.head.seq) return NOTHING;
      const { alerts, next } = await alertsAfter(tail, after, rules);
      await insertAlerts(db, alerts);
      await moveCursor(db, next);
      return { more: next < tail.head.seq, raised: alerts.length > 0 };
    },
    // What a crash takes back is matched again.
    { synchronous_commit: "off" },
  );
}

async function alertsAfter(
  tail: Tail,
  after: number,
  rules: readonly Compiled[],
): Promise<{ alerts: NewAlert[]; next: number }> {
  const { entries, next } = await entriesAfter(tail, after, rules);
  const alerts = entries.flatMap((entry) =>
    rules
      .filter(
        (rule) => entry.seq > rule.after && isNewsTo(rule.organisation_id, entry) && rule.matches(entry),
      )
      .map((rule) => ({
        id: uuidv5(NAMESPACE, `${rule.id} ${entry.seq}`),
        organisationId: rule.organisation_id,
        ruleId: rule.id,
        seq: entry.seq,
        objectId: entry.stixId,
        producer: entry.producerId,
      })),
  );
  return { alerts, next };
}

/** What others stated, and the organisation may see. */
function isNewsTo(organisationId: number, entry: Entry): boolean {
  return (
    RAISING.has(entry.kind) && entry.producerId !== organisationId && visibleTo(entry, { organisationId })
  );
}

async function entriesAfter(
  tail: Tail,
  after: number,
  rules: readonly Compiled[],
): Promise<{ entries: Entry[]; next: number }> {
  const { ring } = tail;
  const entries: Entry[] = [];
  if (after + 1 >= ring.oldest) {
    let at = after;
    for (
      let entry = ring.get(at + 1);
      entry !== undefined && entries.length < PAGE;
      entry = ring.get(at + 1)
    ) {
      entries.push(entry);
      at = entry.seq;
    }
    return { entries, next: at };
  }
  // Behind the ring (after a long stop): the page of each organisation with rules, up to the nearest end.
  const organisations = [...new Set(rules.map((rule) => rule.organisation_id))];
  const bySeq = new Map<number, Entry>();
  let next = tail.head.seq;
  for (const organisationId of organisations) {
    const page = await tail.page({ after, limit: PAGE, reader: { organisationId }, matches: EVERYTHING });
    next = Math.min(next, page.next);
    for (const entry of page.entries) bySeq.set(entry.seq, entry);
  }
  return {
    entries: [...bySeq.values()].filter(({ seq }) => seq <= next).sort((a, b) => a.seq - b.seq),
    next,
  };
}
