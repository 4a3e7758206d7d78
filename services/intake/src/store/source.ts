import type { ListPlace, SourceKind } from "@suar/contract";
import type { FormatName } from "@suar/formats";
import type { Purpose } from "@suar/policy";
import type { Queryable } from "@suar/runtime";
import type { PullPlace } from "@suar/taxii";
import type { DropPlace, FeedPlace, FilePlace } from "../pull/places.ts";
import { storableJson } from "./outcome.ts";

export type FoundRow = { url: string; id: string; title: string };

export type SourcePlace = PullPlace | FeedPlace | FilePlace | DropPlace;

export type SourceRow = {
  id: string;
  organisation_id: number;
  kind: SourceKind;
  name: string;
  /** Null of a mailbox alone. */
  url: string | null;
  /** Of a mailbox alone. */
  folder: string | null;
  format: FormatName | null;
  collection: string | null;
  found: FoundRow | null;
  credential: string | null;
  credential_kind: "none" | "basic" | "bearer";
  tlp: string | null;
  recipients: string | null;
  purpose: Purpose | null;
  no_forward: boolean;
  releasable_to: string | null;
  every_seconds: number;
  state: "active" | "paused" | "disabled";
  state_reason: string | null;
  /** As its kind has it: whoever pulls it parses it. */
  place: SourcePlace;
  due_at: Date;
  fence: number;
  failures: number;
  problem: { code: string; detail: string; at: string } | null;
  pulled_at: Date | null;
  succeeded_at: Date | null;
  objects: number;
  returned: number;
  left_out: number;
  last_submission: string | null;
  created_by: string;
  created_at: Date;
  created_us: number;
};

export const SOURCE_COLUMNS = `id, organisation_id, kind, name, url, folder, format, collection, found, credential, credential_kind, tlp, recipients,
  purpose, no_forward, releasable_to, every_seconds, state, state_reason, place, due_at, fence, failures, problem, pulled_at, succeeded_at, objects, returned,
  left_out,
  last_submission, created_by, created_at, (extract(epoch FROM created_at) * 1000000)::bigint AS created_us`;

export type NewSource = Pick<
  SourceRow,
  | "id"
  | "organisation_id"
  | "kind"
  | "name"
  | "url"
  | "folder"
  | "format"
  | "collection"
  | "credential"
  | "credential_kind"
  | "tlp"
  | "recipients"
  | "purpose"
  | "no_forward"
  | "releasable_to"
  | "every_seconds"
  | "place"
  | "created_by"
>;

/** Undefined where its folder has a source already. */
export async function insertSource(db: Queryable, row: NewSource): Promise<SourceRow | undefined> {
  const { rows } = await db.query<SourceRow>(
    `INSERT INTO source (id, organisation_id, name, url, collection, credential, credential_kind, tlp, recipients,
                         every_seconds, place, created_by, purpose, no_forward, releasable_to, kind, folder, format)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
     ON CONFLICT DO NOTHING RETURNING ${SOURCE_COLUMNS}`,
    [
      row.id,
      row.organisation_id,
      row.name,
      row.url,
      row.collection,
      row.credential,
      row.credential_kind,
      row.tlp,
      row.recipients,
      row.every_seconds,
      JSON.stringify(row.place),
      row.created_by,
      row.purpose,
      row.no_forward,
      row.releasable_to,
      row.kind,
      row.folder,
      row.format,
    ],
  );
  return rows[0];
}

function one(rows: readonly SourceRow[]): SourceRow {
  const [row] = rows;
  if (row === undefined) throw new Error("the source is gone");
  return row;
}

export async function countSources(db: Queryable, organisationId: number): Promise<number> {
  const { rows } = await db.query<{ n: number }>(
    "SELECT count(*) AS n FROM source WHERE organisation_id = $1",
    [organisationId],
  );
  return rows[0]?.n ?? 0;
}

/** Newest first, after the given place. */
export async function selectSources(
  db: Queryable,
  organisationId: number,
  after: ListPlace,
  limit: number,
): Promise<SourceRow[]> {
  const { rows } = await db.query<SourceRow>(
    `SELECT ${SOURCE_COLUMNS} FROM source
      WHERE organisation_id = $1 AND (created_at, id) < ('epoch'::timestamptz + $2 * interval '1 microsecond', $3)
      ORDER BY created_at DESC, id DESC LIMIT $4`,
    [organisationId, after.key, after.id, limit],
  );
  return rows;
}

export async function selectSource(
  db: Queryable,
  id: string,
  organisationId: number,
): Promise<SourceRow | undefined> {
  const { rows } = await db.query<SourceRow>(
    `SELECT ${SOURCE_COLUMNS} FROM source WHERE id = $1 AND organisation_id = $2`,
    [id, organisationId],
  );
  return rows[0];
}

/** Whoever pulls it just now is shut out. */
export async function pauseSource(db: Queryable, id: string, reason: string): Promise<SourceRow> {
  const { rows } = await db.query<SourceRow>(
    `UPDATE source SET state = 'paused', state_reason = $2, fence = fence + 1, leased_until = '-infinity'
      WHERE id = $1 RETURNING ${SOURCE_COLUMNS}`,
    [id, reason],
  );
  return one(rows);
}

/** Its turn is now; what failed before is forgotten. */
export async function resumeSource(db: Queryable, id: string): Promise<SourceRow> {
  const { rows } = await db.query<SourceRow>(
    `UPDATE source SET state = 'active', state_reason = NULL, failures = 0, problem = NULL, due_at = now()
      WHERE id = $1 RETURNING ${SOURCE_COLUMNS}`,
    [id],
  );
  return one(rows);
}

export async function makeSourceDue(db: Queryable, id: string): Promise<SourceRow> {
  const { rows } = await db.query<SourceRow>(
    `UPDATE source SET due_at = least(due_at, now()), asked_at = now() WHERE id = $1 RETURNING ${SOURCE_COLUMNS}`,
    [id],
  );
  return one(rows);
}

export async function deleteSource(db: Queryable, id: string): Promise<void> {
  await db.query("DELETE FROM source WHERE id = $1", [id]);
}

/** What a worker holds. */
export type Held = Pick<SourceRow, "id" | "fence">;

export async function noteFound(db: Queryable, { id, fence }: Held, found: FoundRow): Promise<void> {
  await db.query("UPDATE source SET found = $3 WHERE id = $1 AND fence = $2", [
    id,
    fence,
    storableJson(found),
  ]);
}

export type KeptPage = {
  place: SourcePlace;
  objects: number;
  leftOut: number;
  returned?: number;
  submission: string | undefined;
};

/** Moves on past a page whose submissions are durable; false when it is another's. */
export async function keepPlace(db: Queryable, { id, fence }: Held, page: KeptPage): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE source SET place = $3, objects = objects + $4, left_out = left_out + $5,
            last_submission = coalesce($6, last_submission), returned = returned + $7
      WHERE id = $1 AND fence = $2 AND state = 'active'`,
    [
      id,
      fence,
      storableJson(page.place),
      page.objects,
      page.leftOut,
      page.submission ?? null,
      page.returned ?? 0,
    ],
  );
  return rowCount === 1;
}

/** Gives a source back after a pull that went well, due again in so many milliseconds. */
export async function endPull(db: Queryable, { id, fence }: Held, dueInMs: number): Promise<void> {
  await db.query(
    `UPDATE source SET leased_until = '-infinity', failures = 0,
            due_at = CASE WHEN asked_at > pulled_at THEN now() ELSE now() + $3 * interval '1 millisecond' END,
            problem = NULL, succeeded_at = now()
      WHERE id = $1 AND fence = $2`,
    [id, fence, Math.round(dueInMs)],
  );
}

export type FailedPull = {
  failures: number;
  problem: { code: string; detail: string; at: string };
  dueInMs: number;
  /** Set where it is not tried again by itself. */
  disabled: string | undefined;
};

/** After a pull that failed. Where nothing was found, the server is asked again which collections it has. */
export async function failPull(db: Queryable, { id, fence }: Held, failed: FailedPull): Promise<boolean> {
  const { failures, problem, dueInMs, disabled } = failed;
  const { rowCount } = await db.query(
    `UPDATE source SET leased_until = '-infinity', due_at = now() + $3 * interval '1 millisecond', failures = $4,
            problem = $5, state = CASE WHEN $6::text IS NULL THEN state ELSE 'disabled' END,
            state_reason = coalesce($6, state_reason), found = CASE WHEN $7 = 'not-found' THEN NULL ELSE found END
      WHERE id = $1 AND fence = $2`,
    [id, fence, Math.round(dueInMs), failures, storableJson(problem), disabled ?? null, problem.code],
  );
  return rowCount === 1;
}
