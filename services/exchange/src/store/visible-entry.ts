import type { Queryable } from "@suar/runtime";

/** Whether a reader may see an entry: asked under row-level security only. What is RED no organisation reads. */
export async function isVisible(db: Queryable, seq: number): Promise<boolean> {
  const { rowCount } = await db.query(
    "SELECT FROM log l JOIN rendition r ON r.id = l.rendition_id WHERE l.seq = $1 AND r.tlp <> 'red'",
    [seq],
  );
  return rowCount === 1;
}

/** Whether an organisation released an entry itself, to whomever: asked as the writing role. */
export async function isOwn(db: Queryable, producer: number, seq: number): Promise<boolean> {
  const { rowCount } = await db.query(
    "SELECT FROM log l JOIN rendition r ON r.id = l.rendition_id WHERE l.seq = $1 AND r.producer = $2 AND r.tlp <> 'red'",
    [seq, producer],
  );
  return rowCount === 1;
}
