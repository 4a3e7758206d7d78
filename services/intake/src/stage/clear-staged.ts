import type { Queryable } from "@suar/runtime";
import { deleteStaged, selectLeftStaged } from "../store/staged.ts";
import { deleteNames } from "../store/staged-name.ts";

/** Clears away what is staged of a submission. The pages last: as long as there are names, the sweeper finds these by them. */
export async function clearStaged(db: Queryable, submissionId: string): Promise<void> {
  await deleteNames(db, submissionId);
  await deleteStaged(db, submissionId);
}

/** The same for those that have ended, where a crash came before it. */
export async function clearLeftStaged(db: Queryable): Promise<void> {
  for (const id of await selectLeftStaged(db)) await clearStaged(db, id);
}
