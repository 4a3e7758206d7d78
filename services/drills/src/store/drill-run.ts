import type { DrillInject, DrillState, ListPlace } from "@suar/contract";
import type { Queryable } from "@suar/runtime";
import type { ClockSegment } from "@suar/scenario";

export type RunRow = {
  id: string;
  realm: string;
  organisation_id: number;
  scenario: string;
  state: DrillState;
  speed: number;
  segments: ClockSegment[];
  replay_of: string | null;
  created_at: Date;
  created_us: number;
};

const COLUMNS = `id, realm, organisation_id, scenario, state, speed, segments, replay_of, created_at,
  (extract(epoch FROM created_at) * 1000000)::bigint AS created_us`;

export type NewRun = Pick<RunRow, "id" | "realm" | "organisation_id" | "scenario" | "speed" | "replay_of"> & {
  created_by: string;
};

export async function insertRealm(db: Queryable, name: string): Promise<void> {
  await db.query("INSERT INTO core.realm (name, kind) VALUES ($1, 'drill')", [name]);
}

export async function countRealms(db: Queryable): Promise<number> {
  return (
    (await db.query<{ n: number }>("SELECT count(*) AS n FROM core.realm WHERE state = 'active'")).rows[0]
      ?.n ?? 0
  );
}

export async function archiveRealm(db: Queryable, name: string): Promise<void> {
  await db.query("UPDATE core.realm SET state = 'archived' WHERE name = $1 AND kind = 'drill'", [name]);
}

export async function insertRun(db: Queryable, run: NewRun, injects: readonly string[]): Promise<void> {
  await db.query(
    `INSERT INTO core.drill_run (id, realm, organisation_id, scenario, state, speed, replay_of, created_by) VALUES ($1, $2, $3, $4, 'ready', $5, $6, $7)`,
    [run.id, run.realm, run.organisation_id, run.scenario, run.speed, run.replay_of, run.created_by],
  );
  await db.query("INSERT INTO core.drill_inject (run_id, inject) SELECT $1, unnest($2::text[])", [
    run.id,
    injects,
  ]);
}

export async function selectRun(
  db: Queryable,
  id: string,
  organisationId: number,
): Promise<RunRow | undefined> {
  return (
    await db.query<RunRow>(`SELECT ${COLUMNS} FROM core.drill_run WHERE id = $1 AND organisation_id = $2`, [
      id,
      organisationId,
    ])
  ).rows[0];
}

/** Newest first, after the given place. */
export async function selectRuns(
  db: Queryable,
  organisationId: number,
  after: ListPlace,
  limit: number,
): Promise<RunRow[]> {
  const { rows } = await db.query<RunRow>(
    `SELECT ${COLUMNS} FROM core.drill_run
      WHERE organisation_id = $1 AND (created_at, id) < ('epoch'::timestamptz + $2 * interval '1 microsecond', $3)
      ORDER BY created_at DESC, id DESC LIMIT $4`,
    [organisationId, after.key, after.id, limit],
  );
  return rows;
}

/** Takes a run for the length of the transaction; undefined while somebody else has it (waiting for it: `wait`). */
export async function lockRun(db: Queryable, id: string, wait: boolean): Promise<RunRow | undefined> {
  return (
    await db.query<RunRow>(
      `SELECT ${COLUMNS} FROM core.drill_run WHERE id = $1 FOR UPDATE ${wait ? "" : "SKIP LOCKED"}`,
      [id],
    )
  ).rows[0];
}

export async function selectRunning(db: Queryable): Promise<string[]> {
  return (
    await db.query<{ id: string }>(
      "SELECT id FROM core.drill_run WHERE state = 'running' ORDER BY created_at",
    )
  ).rows.map(({ id }) => id);
}

export async function updateRun(
  db: Queryable,
  id: string,
  state: RunRow["state"],
  segments: readonly ClockSegment[],
): Promise<void> {
  await db.query("UPDATE core.drill_run SET state = $2, segments = $3 WHERE id = $1", [
    id,
    state,
    JSON.stringify(segments),
  ]);
}

export type InjectRow = {
  inject: string;
  state: DrillInject["state"];
  fired_at: Date | null;
  scenario_ms: number | null;
  late_by_ms: number | null;
  submission_id: string | null;
  problem: string | null;
};

export async function selectInjects(db: Queryable, runId: string): Promise<InjectRow[]> {
  const { rows } = await db.query<InjectRow>(
    "SELECT inject, state, fired_at, scenario_ms, late_by_ms, submission_id, problem FROM core.drill_inject WHERE run_id = $1",
    [runId],
  );
  return rows;
}

export type Firing = {
  runId: string;
  inject: string;
  state: "fired" | "failed";
  scenarioMs: number;
  lateByMs: number;
  submissionId: string | null;
  problem: string | null;
};

export async function markFired(db: Queryable, firing: Firing): Promise<void> {
  await db.query(
    `UPDATE core.drill_inject SET state = $3, fired_at = clock_timestamp(), scenario_ms = $4, late_by_ms = $5, submission_id = $6, problem = $7
      WHERE run_id = $1 AND inject = $2`,
    [
      firing.runId,
      firing.inject,
      firing.state,
      Math.round(firing.scenarioMs),
      Math.round(firing.lateByMs),
      firing.submissionId,
      firing.problem,
    ],
  );
}
