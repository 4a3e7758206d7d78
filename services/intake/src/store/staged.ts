import type { Queryable } from "@suar/runtime";
import type { StagedItem, StagedShape } from "../stage/staged-item.ts";

/**
 * Where a page stands, and how many objects it holds. `outcomes`: the first page of outcomes that staging of its portion
 * wrote.
 */
export type StagedPlace = {
  portion: number;
  phase: number;
  page: number;
  objects: number;
  outcomes: number;
};

/** A page to write: JSON of StagedItem[], and of StagedShape[] where objects refer to one another. */
export type StagedPage = StagedPlace & { shapes: string | null; items: string };

export async function deleteStaged(db: Queryable, submissionId: string): Promise<void> {
  await db.query("DELETE FROM staged WHERE submission_id = $1", [submissionId]);
}

/** Submissions that have ended and of which something still lies staged. */
export async function selectLeftStaged(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `SELECT id FROM submission WHERE state IN ('done', 'failed') AND id IN (SELECT submission_id FROM staged)`,
  );
  return rows.map(({ id }) => id);
}

export async function insertStaged(
  db: Queryable,
  submissionId: string,
  { portion, phase, page, objects, outcomes, shapes, items }: StagedPage,
): Promise<void> {
  await db.query(
    `INSERT INTO staged (submission_id, portion, phase, page, objects, outcomes, shapes, items)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [submissionId, portion, phase, page, objects, outcomes, shapes, items],
  );
}

/** The pages in the order of their release. */
export async function selectStagedPlaces(db: Queryable, submissionId: string): Promise<StagedPlace[]> {
  const { rows } = await db.query<StagedPlace>(
    `SELECT portion, phase, page, objects, outcomes FROM staged WHERE submission_id = $1
      ORDER BY portion, phase, page`,
    [submissionId],
  );
  return rows;
}

/** What is to be known of a page's objects before any of its portion is released; none where none refers to another. */
export async function selectShapes(
  db: Queryable,
  submissionId: string,
  { portion, phase, page }: StagedPlace,
): Promise<StagedShape[]> {
  const { rows } = await db.query<{ shapes: string | null }>(
    "SELECT shapes FROM staged WHERE submission_id = $1 AND portion = $2 AND phase = $3 AND page = $4",
    [submissionId, portion, phase, page],
  );
  const [row] = rows;
  if (row === undefined) throw new Error("a staged page is gone");
  return row.shapes === null ? [] : (JSON.parse(row.shapes) as StagedShape[]);
}

export async function selectStagedItems(
  db: Queryable,
  submissionId: string,
  { portion, phase, page }: StagedPlace,
): Promise<StagedItem[]> {
  const { rows } = await db.query<{ items: string }>(
    "SELECT items FROM staged WHERE submission_id = $1 AND portion = $2 AND phase = $3 AND page = $4",
    [submissionId, portion, phase, page],
  );
  const [row] = rows;
  if (row === undefined) throw new Error("a staged page is gone");
  return JSON.parse(row.items) as StagedItem[];
}
