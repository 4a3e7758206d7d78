import { z } from "zod";
import { domainProperties } from "../type/object-properties.ts";
import { defineType } from "../type/object-type.ts";
import { list, OpenVocabulary, Text, Timestamp } from "../type/property-types.ts";
import { refTo } from "../type/reference-types.ts";
import { notBefore } from "../type/rules.ts";
import { EventEntries, Fidelity, StateChange } from "./sub-objects.ts";

/** §5.3 event-status-enum */
const Status = z.enum(["ongoing", "occurred", "not-occurred", "pending", "undetermined"]);

/** §2.2 Something that happened, or may yet happen. */
export const StixEvent = z.looseObject({
  ...domainProperties("event"), // 2.2
  status: Status, // 2.2, event-status-enum
  changed_objects: list(StateChange).optional(), // 2.2, 3.5
  description: Text.optional(), // 2.2
  end_time: Timestamp.optional(), // 2.2
  end_time_fidelity: Fidelity.optional(), // 2.2, timestamp-fidelity-enum
  event_types: list(OpenVocabulary).optional(), // 2.2, event-type-ov
  goal: Text.optional(), // 2.2
  name: Text.optional(), // 2.2
  sighting_refs: list(refTo("sighting")).optional(), // 2.2
  start_time: Timestamp.optional(), // 2.2
  start_time_fidelity: Fidelity.optional(), // 2.2, timestamp-fidelity-enum
  subevents: EventEntries.optional(), // 2.2, 3.2
});
export type StixEvent = z.infer<typeof StixEvent>;

export const event = defineType({
  type: "event",
  section: "incident-core 2.2",
  family: "sdo",
  schema: StixEvent,
  rules: [notBefore("end_time", "start_time")], // 2.2
});
