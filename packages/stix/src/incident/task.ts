import { z } from "zod";
import { domainProperties } from "../type/object-properties.ts";
import { defineType } from "../type/object-type.ts";
import { list, OpenVocabulary, Text, Timestamp } from "../type/property-types.ts";
import { EntityCounts, Fidelity, Percentage, StateChange, TaskEntries } from "./sub-objects.ts";

/** §5.9 task-outcome-enum */
const Outcome = z.enum(["cancelled", "failed", "ongoing", "pending", "successful", "unknown"]);

/** §2.4 Something done about an incident. */
export const StixTask = z.looseObject({
  ...domainProperties("task"), // 2.4
  outcome: Outcome, // 2.4, task-outcome-enum
  changed_objects: list(StateChange).optional(), // 2.4, 3.5
  task_types: list(OpenVocabulary).optional(), // 2.4, task-type-ov
  description: Text.optional(), // 2.4
  end_time: Timestamp.optional(), // 2.4
  end_time_fidelity: Fidelity.optional(), // 2.4, timestamp-fidelity-enum
  error: Text.optional(), // 2.4
  impacted_entity_counts: EntityCounts.optional(), // 2.4, 3.1
  name: Text.optional(), // 2.4
  priority: Percentage.optional(), // 2.4, appendix B
  start_time: Timestamp.optional(), // 2.4
  start_time_fidelity: Fidelity.optional(), // 2.4, timestamp-fidelity-enum
  subtasks: TaskEntries.optional(), // 2.4, 3.6
});
export type StixTask = z.infer<typeof StixTask>;

export const task = defineType({
  type: "task",
  section: "incident-core 2.4",
  family: "sdo",
  schema: StixTask,
});
