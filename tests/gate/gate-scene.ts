import { createHash } from "node:crypto";
import {
  type By,
  gateOf,
  openEntry,
  type PendingRow,
  pendingOf,
  type ReleaseContext,
  type ReleaseItem,
  release,
  releaseContext,
  releasing,
} from "@suar/gate";
import { PairPolicy, type PolicySet, pairOf, policiesOf, policySet } from "@suar/policy";
import type { PoolClient } from "@suar/runtime";
import type { StixObject } from "@suar/stix";
import pg from "pg";
import { type Caller, caller } from "../support/api.ts";
import { ownerUrl } from "../support/embedded-postgres.ts";
import { type Inside, openInside } from "../support/inside.ts";
import { type PlatformProcess, type Role, startPlatform } from "../support/platform.ts";

/** The gate of a platform that runs, called as the services call it; what comes of it is read through the API. */
export type GateScene = {
  as(member: string, role?: Role): Caller;
  /** What is released to the producer's name, under these policies. */
  context(member: string, more?: Partial<ReleaseContext>): Promise<ReleaseContext>;
  /** One transaction of the realm's writer; the pen is told afterwards. */
  write<T>(work: (db: PoolClient) => Promise<T>): Promise<T>;
  state(context: ReleaseContext, ...items: ReleaseItem[]): Promise<unknown>;
  /** Until all that is due was decided anew, and told. */
  settled(): Promise<void>;
  /** What a member's log holds under an id: kinds, in order. */
  told(member: string, id: string): Promise<string[]>;
  /** Whether a member reads it: what was withdrawn is named to those who had it, and is held no more. */
  holds(member: string, id: string): Promise<boolean>;
  owner: pg.Client;
  inside: Inside;
  platform: PlatformProcess;
  close(): Promise<void>;
};

export async function openGateScene(): Promise<GateScene> {
  const platform = await startPlatform();
  const inside = await openInside(platform.dataDir);
  const owner = new pg.Client({ connectionString: ownerUrl(platform.dataDir) });
  await owner.connect();
  const { realm } = inside;
  const as = (member: string, role?: Role): Caller => caller(platform.url, platform.key(member, role));
  const write: GateScene["write"] = async (work) => {
    const done = await releasing(inside.platform, realm, work);
    await logged(owner);
    return done;
  };
  return {
    as,
    write,
    context: async (member, more = {}) => {
      const producer = await inside.platform.directory.byCode(member);
      if (producer === undefined) throw new Error(`there is no ${member}`);
      const said = { submissionId: null, word: "person:submitter" };
      return { ...(await releaseContext(inside.platform, realm, producer, said)), ...more };
    },
    state: async (context, ...items) =>
      (await write(async (db) => await release(db, context, items))).outcomes,
    settled: async () => await settled(owner),
    told: async (member, id) => {
      const { body } = await as(member).get("/v1/log?after=0&limit=500");
      return body.items.filter((item: any) => item.object.id === id).map((item: any) => item.kind);
    },
    holds: async (member, id) => {
      const { status, body } = await as(member).get(`/v1/objects/${id}`);
      return status === 200 && body.assertions.some(({ withdrawn }: any) => withdrawn !== true);
    },
    owner,
    inside,
    platform,
    close: async () => {
      try {
        await openAll(owner, inside);
      } finally {
        await owner.end();
        await inside.close();
        await platform.remove();
      }
    },
  };
}

/** Until the pen has numbered everything. */
async function logged(owner: pg.Client): Promise<void> {
  await emptied(owner, "SELECT FROM live.unsequenced LIMIT 1", "the pen does not write");
}

async function settled(owner: pg.Client): Promise<void> {
  const due = "SELECT FROM live.reevaluation_due WHERE at <= clock_timestamp() LIMIT 1";
  await emptied(owner, due, "nobody decides anew what is due");
  await logged(owner);
}

async function emptied(owner: pg.Client, query: string, otherwise: string): Promise<void> {
  const end = Date.now() + 180_000;
  while ((await owner.query(query)).rowCount !== 0) {
    if (Date.now() > end) throw new Error(otherwise);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const MOST_ALIKE = 20;

/**
 * Whatever a file did with its platform, nothing of it looks to an originator as if somebody had changed its rows. But for
 * what it closed by hand, as the first go of a pass that is not under way: only a pass excuses that. Of hundreds that were
 * written alike (of one type, to the same readers, by the same kind of entry) the first and the last are opened.
 */
async function openAll(owner: pg.Client, { platform, realm }: Inside): Promise<void> {
  const gate = gateOf(realm, platform);
  const { rows } = await owner.query<{ seq: string; id: number; code: string }>(
    `SELECT seq, id, code FROM (
       SELECT l.seq, o.id, o.code, row_number() OVER (alike ORDER BY l.seq) AS first,
              row_number() OVER (alike ORDER BY l.seq DESC) AS last
         FROM live.log l JOIN live.rendition r ON r.id = l.rendition_id
         JOIN live.rendition held ON held.id = CASE WHEN r.closes THEN r.copy_of ELSE r.id END
         JOIN core.organisation o ON o.id = r.producer
        WHERE l.commitment IS NOT NULL AND coalesce(held.copy_of, held.id) NOT IN (
          SELECT coalesce(e.copy_of, e.id) FROM live.closed c JOIN live.rendition e ON e.id = c.rendition_id WHERE c.early)
       WINDOW alike AS (PARTITION BY r.producer, r.type, r.closes, r.withdrawn, r.copy_of IS NULL, l.kind, l.audience_id)) e
      WHERE first <= ${MOST_ALIKE} OR last <= ${MOST_ALIKE}
      ORDER BY seq`,
  );
  for (const { seq, ...reader } of rows) await openEntry(realm.write, gate, Number(seq), reader);
}

/** What was ever asked about an object, in the order in which it was. */
export async function askedOf({ inside }: GateScene, stixId: string): Promise<PendingRow[]> {
  const all = await pendingOf(inside.realm.write, { limit: 500 });
  return all.filter((one) => one.stix_id === stixId);
}

export function officer(name: string, member = "SG"): By {
  return { actor: `person:${name}`, word: `person:${name}`, approver: `${member}:officer` };
}

let many = 0;

/** An object with a fresh id and one moment of modification. */
export function thing(
  type: string,
  said: Record<string, unknown>,
  modified = "2026-01-01T00:00:00.000Z",
): StixObject {
  const id = `${type}--00000000-0000-4000-8000-${String(++many).padStart(12, "0")}`;
  const isObservable = ["ipv4-addr", "domain-name", "email-addr"].includes(type);
  const times = isObservable ? {} : { created: "2026-01-01T00:00:00.000Z", modified };
  return { type, spec_version: "2.1", id, ...times, ...said };
}

export function item(object: StixObject, more: Partial<ReleaseItem> = {}): ReleaseItem {
  return {
    kind: "released",
    object,
    tlp: "green",
    pap: undefined,
    to: [],
    contentHash: createHash("sha256").update(JSON.stringify(object)).digest(),
    generated: false,
    keys: [],
    ...more,
  };
}

/** The same policies with one pair's changed. */
export function withPair(
  policies: PolicySet,
  [exporter, importer]: readonly [string, string],
  change: (policy: PairPolicy) => Partial<PairPolicy>,
): PolicySet {
  const pair = pairOf(policies, exporter, importer)?.policy;
  if (pair === undefined) throw new Error("there is no such pair");
  const changed = PairPolicy.parse({ ...pair, ...change(pair), version: pair.version + 1 });
  return policySet(
    policiesOf(policies).map(({ policy, standing }) => ({
      policy: policy === pair ? changed : policy,
      standing,
    })),
  );
}
