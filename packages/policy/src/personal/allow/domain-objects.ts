import { suarId } from "@suar/stix";
import { DOMAIN, PHASES } from "./common.ts";
import { all, type Choice, type Properties, type Shape } from "./shape.ts";

/* SDOs and SROs (chapters 4 and 5), and the incident suite that Suar pins (docs/stix.md). */

const INCIDENT_CORE = "extension-definition--ef765651-680c-498d-9894-99799f2fa126";
const NEW_TYPES = {
  event: "extension-definition--4ca6de00-5b0d-45ef-a1dc-ea7279ea910e",
  impact: "extension-definition--7cc33dd6-f6a1-489b-98ea-522d351d71b9",
  task: "extension-definition--2074a052-8be4-4932-849e-f5e7798e0030",
};
/** What Suar's own incident reports say beyond name and description. */
const INCIDENT_REPORT = suarId("extension-definition", "incident-report", "1");

/** An advisory in its own words (packages/formats/src/csaf/carry.ts): numbers and products are values, the rest is prose. */
const CSAF_DOCUMENT = suarId("extension-definition", "csaf-document", "1");
const CSAF_VULNERABILITY = suarId("extension-definition", "csaf-vulnerability", "1");
const ADVISORY: Properties = {
  [CSAF_DOCUMENT]: { extension_type: "plain", document: "prose", product_tree: "value" },
};
const FLAW: Properties = {
  [CSAF_VULNERABILITY]: {
    extension_type: "plain",
    vulnerability: {
      ...all("prose", "title notes threats remediations acknowledgments involvements references"),
      ...all("value", "cve cwe cwes ids flags scores metrics product_status first_known_exploitation_dates"),
      ...all("plain", "discovery_date disclosure_date release_date"),
    },
  },
};

const TEXTS = all("prose", "name description");
const SEEN = all("plain", "first_seen last_seen");
const MOTIVES = all("prose", "goals resource_level primary_motivation secondary_motivations");
const COUNTS: Properties = { "*": "plain" };

const steps = (ref: string): Properties => ({
  ...all("plain", `${ref} sequence_start`),
  next_steps: all("plain", `${ref} condition_type transition_type`),
});
const CHANGES: Properties = { state_change_type: "prose", ...all("plain", "initial_ref result_ref") };
const SPAN = all("plain", "start_time start_time_fidelity end_time end_time_fidelity");

const INCIDENT_EXTENSIONS: Properties = {
  [INCIDENT_CORE]: {
    ...all("plain", "extension_type determination criticality impact_refs recoverability"),
    ...all("prose", "investigation_status detection_methods incident_types"),
    impacted_entity_counts: COUNTS,
    events: steps("event_ref"),
    tasks: steps("task_ref"),
    scores: { ...TEXTS, value: "plain" },
  },
  [INCIDENT_REPORT]: {
    ...all("plain", "extension_type severity severity_score occurred detected"),
    affected: all("prose", "countries sectors"),
    rsit: all("prose", "class type"),
    help_wanted: all("prose", "action note"),
  },
};

const DECLARED: Properties = { extension_type: "plain" };

const IMPACT_EXTENSIONS: Properties = {
  [NEW_TYPES.impact]: DECLARED,
  availability: all("plain", "availability_impact"),
  confidentiality: { ...all("plain", "loss_type record_count record_size"), information_type: "prose" },
  external: all("prose", "impact_type"),
  integrity: { ...all("plain", "alteration record_count record_size"), information_type: "prose" },
  monetary: {
    ...all("plain", "conversion_rate conversion_time max_amount min_amount"),
    ...all("prose", "variety currency currency_actual"),
  },
  physical: { impact_type: "plain", asset_type: "prose" },
  traceability: all("plain", "traceability_impact"),
};

const IDENTITY: Properties = {
  ...DOMAIN,
  ...TEXTS,
  ...all("prose", "roles identity_class sectors contact_information"),
};
const PERSON: Properties = { ...IDENTITY, ...all("person", "name contact_information") };
const ORGANISED = new Set<unknown>(["organization", "group", "class", "system"]);

/** §4.5: who does not say that it is no individual may be one. */
const identity: Choice = ({ identity_class: kind }) => (ORGANISED.has(kind) ? IDENTITY : PERSON);

export const DOMAIN_OBJECTS: Readonly<Record<string, Shape>> = {
  "attack-pattern": { ...DOMAIN, ...TEXTS, aliases: "prose", kill_chain_phases: PHASES },
  campaign: { ...DOMAIN, ...TEXTS, ...SEEN, ...all("prose", "aliases objective") },
  "course-of-action": { ...DOMAIN, ...TEXTS },
  event: {
    ...DOMAIN,
    ...TEXTS,
    ...SPAN,
    ...all("plain", "status sighting_refs"),
    ...all("prose", "event_types goal"),
    extensions: { [NEW_TYPES.event]: DECLARED },
    changed_objects: CHANGES,
    subevents: steps("event_ref"),
  },
  grouping: { ...DOMAIN, ...TEXTS, context: "prose", object_refs: "plain" },
  identity,
  impact: {
    ...DOMAIN,
    ...SPAN,
    ...all("plain", "criticality impacted_refs recoverability superseded_by_ref"),
    ...all("prose", "description impact_category"),
    impacted_entity_counts: COUNTS,
    extensions: IMPACT_EXTENSIONS,
  },
  incident: { ...DOMAIN, ...TEXTS, extensions: INCIDENT_EXTENSIONS },
  indicator: {
    ...DOMAIN,
    ...TEXTS,
    ...all("prose", "indicator_types pattern_type pattern_version"),
    ...all("plain", "valid_from valid_until"),
    pattern: "pattern",
    kill_chain_phases: PHASES,
  },
  infrastructure: {
    ...DOMAIN,
    ...TEXTS,
    ...SEEN,
    ...all("prose", "infrastructure_types aliases"),
    kill_chain_phases: PHASES,
  },
  "intrusion-set": { ...DOMAIN, ...TEXTS, ...SEEN, ...MOTIVES, aliases: "prose" },
  location: { ...DOMAIN, ...TEXTS, ...all("prose", "region country administrative_area city") },
  malware: {
    ...DOMAIN,
    ...TEXTS,
    ...SEEN,
    ...all("plain", "is_family operating_system_refs sample_refs"),
    ...all(
      "prose",
      "malware_types aliases architecture_execution_envs implementation_languages capabilities",
    ),
    kill_chain_phases: PHASES,
  },
  "malware-analysis": {
    ...DOMAIN,
    ...all("plain", "host_vm_ref operating_system_ref installed_software_refs analysis_sco_refs sample_ref"),
    ...all("plain", "submitted analysis_started analysis_ended"),
    ...all(
      "prose",
      "product version configuration_version modules analysis_engine_version result_name result",
    ),
    analysis_definition_version: "prose",
  },
  note: { ...DOMAIN, ...all("prose", "abstract content"), authors: "person", object_refs: "plain" },
  "observed-data": { ...DOMAIN, ...all("plain", "first_observed last_observed number_observed object_refs") },
  opinion: { ...DOMAIN, explanation: "prose", authors: "person", ...all("plain", "opinion object_refs") },
  relationship: {
    ...DOMAIN,
    description: "prose",
    relationship_type: "prose",
    ...all("plain", "source_ref target_ref start_time stop_time"),
  },
  report: {
    ...DOMAIN,
    ...TEXTS,
    extensions: ADVISORY,
    report_types: "prose",
    ...all("plain", "published object_refs"),
  },
  sighting: {
    ...DOMAIN,
    ...SEEN,
    description: "prose",
    ...all("plain", "count sighting_of_ref observed_data_refs where_sighted_refs summary"),
  },
  task: {
    ...DOMAIN,
    ...TEXTS,
    ...SPAN,
    ...all("plain", "outcome priority"),
    ...all("prose", "task_types error"),
    impacted_entity_counts: COUNTS,
    extensions: { [NEW_TYPES.task]: DECLARED },
    changed_objects: CHANGES,
    subtasks: steps("task_ref"),
  },
  "threat-actor": {
    ...DOMAIN,
    ...TEXTS,
    ...SEEN,
    ...MOTIVES,
    ...all("prose", "threat_actor_types aliases roles sophistication personal_motivations"),
  },
  tool: {
    ...DOMAIN,
    ...TEXTS,
    ...all("prose", "tool_types aliases tool_version"),
    kill_chain_phases: PHASES,
  },
  vulnerability: { ...DOMAIN, ...TEXTS, extensions: FLAW },
};
