import type { Queryable } from "@suar/runtime";
import type { StagedItem, StagedShape } from "../stage/staged-item.ts";

/** Where a page stands, and how many objects it holds. */
export type StagedPlace = { phase: number; page: number; objects: number };

/** A page to write: JSON of StagedItem[], and of StagedShape[] where objects refer to one another. */
export type StagedPage = StagedPlace & { shapes: string | null; items: string };

export async function deleteStaged(db: Queryable, submissionId: string): Promise<void> {
  await db.query("DELETE FROM staged WHERE submission_id = $1", [submissionId]);
}

export async function insertStaged(
  db: Queryable,
  submissionId: string,
  { phase, page, objects, shapes, items }: StagedPage,
): Promise<void> {
  await db.query(
    "INSERT INTO staged (submission_id, phase, page, objects, shapes, items) VALUES ($1, $2, $3, $4, $5, $6)",
    [submissionId, phase, page, objects, shapes, items],
  );
}

/** The pages in the order of their release. */
export async function selectStagedPlaces(db: Queryable, submissionId: string): Promise<StagedPlace[]> {
  const { rows } = await db.query<StagedPlace>(
    "SELECT phase, page, objects FROM staged WHERE submission_id = $1 ORDER BY phase, page",
    [submissionId],
  );
  return rows;
}

/** What is to be known of the objects before any is released, a page at a time, in the order of their release. */
export async function* selectShapes(db: Queryable, submissionId: string): AsyncGenerator<StagedShape[]> {
  const { rows: places } = await db.query<{ phase: number; page: number }>(
    "SELECT phase, page FROM staged WHERE submission_id = $1 AND shapes IS NOT NULL ORDER BY phase, page",
    [submissionId],
  );
  for (const { phase, page } of places) {
    const { rows } = await db.query<{ shapes: string }>(
      "SELECT shapes FROM staged WHERE submission_id = $1 AND phase = $2 AND page = $3",
      [submissionId, phase, page],
    );
    const [row] = rows;
    if (row === undefined) throw new Error("a staged page is gone");
    yield JSON.parse(row.shapes) as StagedShape[];
  }
}

export async function selectStagedItems(
  db: Queryable,
  submissionId: string,
  { phase, page }: StagedPlace,
): Promise<StagedItem[]> {
  const { rows } = await db.query<{ items: string }>(
    "SELECT items FROM staged WHERE submission_id = $1 AND phase = $2 AND page = $3",
    [submissionId, phase, page],
  );
  const [row] = rows;
  if (row === undefined) throw new Error("a staged page is gone");
  return JSON.parse(row.items) as StagedItem[];
}
