import { remindOfRecalls } from "@suar/contract";
import type { Directory } from "@suar/runtime";
import { reminderItem } from "../reminder-object.ts";
import { selectOrganisationsToRemind, takeDueReminders } from "../store/recall-reminder.ts";
import type { DueTelling } from "./tell-organisations.ts";

/** Receivers of recalls who have not acknowledged, at half of their time and at its end. */
export function recallReminders(directory: Directory): DueTelling {
  return {
    job: remindOfRecalls,
    due: selectOrganisationsToRemind,
    take: async (db, organisation, most) => {
      const due = await takeDueReminders(db, organisation.id, most);
      const items = await Promise.all(
        due.map(async ({ recall_id: recallId, stage, at, due_at: dueAt, producer, known_as: knownAs }) =>
          reminderItem({
            ...{ recallId, stage, knownAs, at, dueAt },
            producer: (await directory.byId(producer))?.code ?? "?",
            organisation: organisation.code,
          }),
        ),
      );
      return { rows: due.length, items };
    },
  };
}
