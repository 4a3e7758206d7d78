import type { Queryable } from "@suar/runtime";

/** A part of a transaction: where it throws, nothing of it was written, it holds no lock, and the rest can go on. */
export async function withinSavepoint<T>(db: Queryable, work: () => Promise<T>): Promise<T> {
  await db.query("SAVEPOINT part");
  try {
    const done = await work();
    await db.query("RELEASE SAVEPOINT part");
    return done;
  } catch (error) {
    // Where this fails, too, the connection is gone, and that is what is thrown.
    await db.query("ROLLBACK TO SAVEPOINT part; RELEASE SAVEPOINT part");
    throw error;
  }
}
