import { z } from "zod";
import { compileCheck } from "../parse/compile-check.ts";
import { list, OpenVocabulary, UnknownExtension } from "../type/property-types.ts";
import {
  EntityCounts,
  EventEntries,
  ImpactRef,
  Percentage,
  Recoverability,
  Score,
  TaskEntries,
} from "./sub-objects.ts";
import { isNamed } from "./suite.ts";

export const INCIDENT_CORE = "extension-definition--ef765651-680c-498d-9894-99799f2fa126";

/** §5.5 incident-determination-enum */
const Determination = z.enum(["blocked", "confirmed", "failed-attempt", "false-positive", "suspected"]);
/** Of the same enumeration in other drafts. */
const FOREIGN_DETERMINATIONS: ReadonlySet<unknown> = new Set(["low-value", "successful-attempt"]);

/** §2.1 What an incident is known to be, and what it consists of. */
export const StixIncidentCore = z.looseObject({
  extension_type: z.literal("property-extension"), // 2.1
  determination: Determination, // 2.1, incident-determination-enum
  investigation_status: OpenVocabulary, // 2.1, incident-investigation-ov
  criticality: Percentage.optional(), // 2.1, appendix B
  detection_methods: list(OpenVocabulary).optional(), // 2.1, detection-methods-ov
  events: EventEntries.optional(), // 2.1, 3.2
  impact_refs: list(ImpactRef).optional(), // 2.1
  impacted_entity_counts: EntityCounts.optional(), // 2.1, 3.1
  incident_types: list(OpenVocabulary).optional(), // 2.1, event-type-ov
  recoverability: Recoverability.optional(), // 2.1, recoverability-enum
  scores: list(Score).optional(), // 2.1, 3.4
  tasks: TaskEntries.optional(), // 2.1, 3.6
});
export type StixIncidentCore = z.infer<typeof StixIncidentCore>;

const acceptsCore = compileCheck(StixIncidentCore);
const NAMES: ReadonlySet<string> = new Set(Object.keys(StixIncidentCore.shape));

/** The extension as an incident carries it: judged where it is of the pinned shape. */
export const AnyIncidentCore = UnknownExtension.superRefine((core, context) => {
  if (!isPinned(core) || acceptsCore(core)) return;
  const parsed = StixIncidentCore.safeParse(core);
  for (const issue of parsed.error?.issues ?? []) context.addIssue(issue as z.core.$ZodRawIssue);
});

function isPinned(core: Readonly<Record<string, unknown>>): boolean {
  const { determination, criticality } = core;
  return (
    isNamed(core, NAMES) && !FOREIGN_DETERMINATIONS.has(determination) && typeof criticality !== "string"
  );
}
