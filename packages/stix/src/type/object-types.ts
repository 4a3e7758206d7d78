import { extensionDefinition } from "../meta/extension-definition.ts";
import { languageContent } from "../meta/language-content.ts";
import { markingDefinition } from "../meta/marking-definition.ts";
import { SCO_TYPES } from "../sco/sco-types.ts";
import { attackPattern } from "../sdo/attack-pattern.ts";
import { campaign } from "../sdo/campaign.ts";
import { courseOfAction } from "../sdo/course-of-action.ts";
import { grouping } from "../sdo/grouping.ts";
import { identity } from "../sdo/identity.ts";
import { incident } from "../sdo/incident.ts";
import { indicator } from "../sdo/indicator.ts";
import { infrastructure } from "../sdo/infrastructure.ts";
import { intrusionSet } from "../sdo/intrusion-set.ts";
import { location } from "../sdo/location.ts";
import { malware } from "../sdo/malware.ts";
import { malwareAnalysis } from "../sdo/malware-analysis.ts";
import { note } from "../sdo/note.ts";
import { observedData } from "../sdo/observed-data.ts";
import { opinion } from "../sdo/opinion.ts";
import { report } from "../sdo/report.ts";
import { threatActor } from "../sdo/threat-actor.ts";
import { tool } from "../sdo/tool.ts";
import { vulnerability } from "../sdo/vulnerability.ts";
import { relationship } from "../sro/relationship.ts";
import { sighting } from "../sro/sighting.ts";
import type { ObjectType } from "./object-type.ts";

/** Every type of STIX 2.1 (chapters 4 to 7): 19 SDOs, 2 SROs, 18 SCOs and the 3 meta objects. */
export const OBJECT_TYPES: ReadonlyMap<string, ObjectType> = new Map(
  [
    attackPattern,
    campaign,
    courseOfAction,
    grouping,
    identity,
    incident,
    indicator,
    infrastructure,
    intrusionSet,
    location,
    malware,
    malwareAnalysis,
    note,
    observedData,
    opinion,
    report,
    threatActor,
    tool,
    vulnerability,
    relationship,
    sighting,
    ...SCO_TYPES,
    languageContent,
    markingDefinition,
    extensionDefinition,
  ].map((definition): [string, ObjectType] => [definition.type, definition]),
);

/** Whether ids of a type tell nothing of what is said: those of STIX's own domain and relationship objects. */
export function hasPlainIds(type: string): boolean {
  const family = OBJECT_TYPES.get(type)?.family;
  return family !== undefined && family !== "sco";
}

/** Whether a type is one of the cyber-observables of STIX 2.1 (§6), whose ids are worked out from their values. */
export function isObservable(type: string): boolean {
  return OBJECT_TYPES.get(type)?.family === "sco";
}
