import { z } from "zod";
import { typeOfId } from "../name/identifier.ts";
import { Count, dictionary, Flag, list, OpenVocabulary, Text } from "../type/property-types.ts";
import { AnyRef, refTo } from "../type/reference-types.ts";

/* Chapters 3 and 5 of the incident suite (see suite.ts): what its objects are made of. */

/** §5.10 timestamp-fidelity-enum */
export const Fidelity = z.enum(["day", "hour", "minute", "month", "second", "year"]);

/** §5.8 recoverability-enum */
export const Recoverability = z.enum([
  "extended",
  "not-applicable",
  "not-recoverable",
  "regular",
  "supplemented",
]);

/** Criticality, priority and availability are all on one scale (appendices A and B). */
export const Percentage = z.int().min(0).max(100);

/** §3.1 entity-count: how many of each kind; entity-type-ov suggests the keys. */
export const EntityCounts = dictionary(Count);

const EventRef = refTo("event");
const TaskRef = refTo("task");
export const ImpactRef = refTo("impact");

/** §5.1 activity-condition-enum */
const Condition = z.enum(["optional", "required", "unknown"]);
/** §5.2 activity-transition-enum */
const Transition = z.enum(["completion", "failure", "success", "unknown"]);
const step = { condition_type: Condition, transition_type: Transition };

/** §3.2, §3.3 */
export const EventEntries = list(
  z.looseObject({
    event_ref: EventRef, // 3.2
    next_steps: list(z.looseObject({ event_ref: EventRef, ...step })).optional(), // 3.2, 3.3
    sequence_start: Flag.optional(), // 3.2
  }),
).superRefine(checkSequences("event_ref"));

/** §3.6, §3.7 */
export const TaskEntries = list(
  z.looseObject({
    task_ref: TaskRef, // 3.6
    next_steps: list(z.looseObject({ task_ref: TaskRef, ...step })).optional(), // 3.6, 3.7
    sequence_start: Flag.optional(), // 3.6
  }),
).superRefine(checkSequences("task_ref"));

/** §3.4 */
export const Score = z.looseObject({
  name: Text, // 3.4
  value: z.number(), // 3.4
  description: Text.optional(), // 3.4
});

/** §3.5: from one state to another of the same type; one of the two may be missing. */
export const StateChange = z
  .looseObject({
    state_change_type: OpenVocabulary, // 3.5, state-change-type-ov
    initial_ref: AnyRef.optional(), // 3.5
    result_ref: AnyRef.optional(), // 3.5
  })
  .superRefine(({ state_change_type: type, initial_ref: from, result_ref: to }, context) => {
    const refuse = (path: string[], message: string) => context.addIssue({ code: "custom", path, message });
    if (from === undefined && to === undefined) refuse([], "needs an initial_ref or a result_ref");
    else if (from === undefined && type === "input")
      refuse(["initial_ref"], "is needed for an input"); // 4.9
    else if (to === undefined && type === "output")
      refuse(["result_ref"], "is needed for an output"); // 4.9
    else if (from !== undefined && to !== undefined && typeOfId(from) !== typeOfId(to))
      refuse(["result_ref"], "must be of the type of initial_ref");
  });

type Entry = { next_steps?: readonly object[] | undefined; sequence_start?: boolean | undefined };

/** §3.2, §3.3: a sequence has a start, and its steps lead to entries of the same list. */
function checkSequences(ref: "event_ref" | "task_ref") {
  const nameOf = (entry: object): unknown => (entry as Record<string, unknown>)[ref];
  return (entries: readonly Entry[], context: z.RefinementCtx): void => {
    const names = new Set(entries.map(nameOf));
    if (entries.every(({ sequence_start: isStart }) => isStart === false))
      context.addIssue({ code: "custom", message: "no entry is the start of a sequence" });
    for (const [e, { next_steps: steps = [] }] of entries.entries())
      for (const [s, next] of steps.entries())
        if (!names.has(nameOf(next)))
          context.addIssue({
            code: "custom",
            path: [e, "next_steps", s, ref],
            message: "is no entry of this list",
          });
  };
}
