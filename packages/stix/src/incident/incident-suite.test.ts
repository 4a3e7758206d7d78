import { describe, expect, test } from "vitest";
import { parseStixObject } from "../parse-object.ts";
import { idOf } from "../testing/objects.ts";
import { INCIDENT_CORE } from "./incident-core.ts";

const DEFINED_BY: Record<string, string> = {
  event: "extension-definition--4ca6de00-5b0d-45ef-a1dc-ea7279ea910e",
  impact: "extension-definition--7cc33dd6-f6a1-489b-98ea-522d351d71b9",
  task: "extension-definition--2074a052-8be4-4932-849e-f5e7798e0030",
};
const at = { created: "2024-05-06T07:08:09.000Z", modified: "2024-05-06T07:08:09.000Z" };

/** The issues as `code path`, or `ok`. */
function verdict(object: object): string | string[] {
  const parsed = parseStixObject(object);
  return parsed.ok ? "ok" : parsed.issues.map(({ code, path }) => `${code} ${path}`);
}

function suite(type: string, properties: object, extensions: object = {}): object {
  const said = { [DEFINED_BY[type] ?? ""]: { extension_type: "new-sdo" }, ...extensions };
  return { type, spec_version: "2.1", id: idOf(type), ...at, extensions: said, ...properties };
}

function incident(core: object): object {
  const said = {
    extension_type: "property-extension",
    determination: "suspected",
    investigation_status: "new",
  };
  const extensions = { [INCIDENT_CORE]: { ...said, ...core } };
  return { type: "incident", spec_version: "2.1", id: idOf("incident"), ...at, name: "Outage", extensions };
}

const CORE = `/extensions/${INCIDENT_CORE}`;
const [one, two] = [idOf("event", 1), idOf("event", 2)];
const step = { condition_type: "required", transition_type: "success" };

describe("an incident of the pinned shape", () => {
  test.each([
    [{ determination: "maybe" }, `invalid-value ${CORE}/determination`],
    [{ investigation_status: undefined }, `missing-property ${CORE}/investigation_status`],
    [{ criticality: 101 }, `out-of-range ${CORE}/criticality`],
    [{ impact_refs: [one] }, `invalid-format ${CORE}/impact_refs/0`],
    [
      { impacted_entity_counts: { individual: -1 } },
      `out-of-range ${CORE}/impacted_entity_counts/individual`,
    ],
    [{ recoverability: "soon" }, `invalid-value ${CORE}/recoverability`],
    [{ scores: [{ name: "S" }] }, `missing-property ${CORE}/scores/0/value`],
    [{ tasks: [{ task_ref: one }] }, `invalid-format ${CORE}/tasks/0/task_ref`],
    [{ events: [{ event_ref: one, sequence_start: false }] }, `invalid-format ${CORE}/events`],
    [
      { events: [{ event_ref: one, next_steps: [{ event_ref: two, ...step }] }] },
      `invalid-format ${CORE}/events/0/next_steps/0/event_ref`,
    ],
  ])("is judged: %j", (core, issue) => {
    expect(verdict(incident(core))).toEqual([issue]);
  });

  test("may say all that the draft names, and what begins with x_", () => {
    const steps = [{ event_ref: two, ...step }];
    const events = [
      { event_ref: one, next_steps: steps },
      { event_ref: two, sequence_start: false },
    ];
    expect(verdict(incident({ events, investigation_status: "my-own", x_ours: {} }))).toBe("ok");
  });

  test("has its errors under its own section", () => {
    const parsed = parseStixObject(incident({ criticality: -1 }));
    expect(!parsed.ok && parsed.issues[0]?.section).toBe("incident-core 2.1");
  });
});

test.each([
  [
    "1.0, where activities are embedded",
    { determination: "low-value", attacker_activities: [{ anything: 1 }] },
  ],
  ["0.x, where criticality is a word", { criticality: "non-critical" }],
  ["2.0 of March 2023, with other determinations", { determination: "successful-attempt" }],
  ["one with references for entries", { determination: "any", event_refs: [one], task_refs: 7 }],
])("an incident of another shape stays as it is: %s", (_, core) => {
  const object = incident(core);
  expect(parseStixObject(object)).toEqual({ ok: true, object });
});

describe("an event, an impact, a task", () => {
  const later = { start_time: "2024-01-02T00:00:00Z", end_time: "2024-01-01T00:00:00Z" };
  const cost = (monetary: object) => suite("impact", { impact_category: "monetary" }, { monetary });
  const hurt = (name: string, said: object) => suite("impact", { impact_category: name }, { [name]: said });

  test.each([
    [suite("event", { status: "over" }), "invalid-value /status"],
    [suite("event", {}), "missing-property /status"],
    [suite("event", { status: "occurred", ...later }), "order /end_time"],
    [suite("event", { status: "occurred", sighting_refs: [one] }), "invalid-format /sighting_refs/0"],
    [suite("event", { status: "occurred", end_time_fidelity: "week" }), "invalid-value /end_time_fidelity"],
    [
      suite("event", { status: "occurred", changed_objects: [{ state_change_type: "caused" }] }),
      "invalid-format /changed_objects/0",
    ],
    [
      suite("task", {
        outcome: "ongoing",
        changed_objects: [{ state_change_type: "input", result_ref: one }],
      }),
      "missing-property /changed_objects/0/initial_ref",
    ],
    [
      suite("task", {
        outcome: "ongoing",
        changed_objects: [{ state_change_type: "output", initial_ref: one }],
      }),
      "missing-property /changed_objects/0/result_ref",
    ],
    [
      suite("task", {
        outcome: "ongoing",
        changed_objects: [{ state_change_type: "caused", initial_ref: one, result_ref: idOf("impact") }],
      }),
      "invalid-format /changed_objects/0/result_ref",
    ],
    [suite("task", { outcome: "ongoing", priority: 101 }), "out-of-range /priority"],
    [suite("task", { outcome: "ongoing", defanged: true }), "not-allowed /defanged"],
    [suite("impact", { impact_category: "external" }), "missing-property /impact_category"],
    [hurt("external", {}), "missing-property /extensions/external/impact_type"],
    [
      hurt("availability", { availability_impact: 101 }),
      "out-of-range /extensions/availability/availability_impact",
    ],
    [
      hurt("confidentiality", { loss_type: "contained" }),
      "missing-property /extensions/confidentiality/information_type",
    ],
    [hurt("confidentiality", { loss_type: "none" }), "ok"],
    [
      hurt("integrity", { alteration: "full-destruction" }),
      "missing-property /extensions/integrity/information_type",
    ],
    [hurt("physical", { impact_type: "destruction" }), "missing-property /extensions/physical/asset_type"],
    [
      hurt("traceability", { traceability_impact: "x" }),
      "invalid-value /extensions/traceability/traceability_impact",
    ],
    [hurt("reputational", { of: "somebody's own category" }), "ok"],
    [cost({ variety: "ransom-demand", currency: "SGD", min_amount: 0, max_amount: 1 }), "ok"],
    [
      cost({ variety: "fine", min_amount: 1, max_amount: 2 }),
      "missing-property /extensions/monetary/currency",
    ],
    [
      cost({ variety: "fine", currency: "SGD", max_amount: 2 }),
      "missing-property /extensions/monetary/min_amount",
    ],
    [cost({ variety: "fine", conversion_rate: 0 }), "out-of-range /extensions/monetary/conversion_rate"],
  ])("%#: is judged", (object, issue) => {
    expect([verdict(object)].flat()[0]).toBe(issue);
  });

  test("a superseded impact has ended", () => {
    const impact = { impact_category: "external", superseded_by_ref: idOf("impact", 2) };
    expect(verdict(suite("impact", impact, { external: { impact_type: "economic" } }))).toEqual([
      "missing-property /end_time",
    ]);
  });

  test.each([
    ["with properties that the draft does not name", suite("event", { status: "over", activity_refs: 7 })],
    [
      "with the extensions of later drafts",
      suite("impact", { impact_category: "any" }, { "monetary-ext": { min_amount: 1 } }),
    ],
  ])("of another shape stays as it is: %s", (_, object) => {
    expect(parseStixObject(object)).toEqual({ ok: true, object });
  });

  test("is a custom object without the extension that defines it", () => {
    const bare = { ...suite("event", { status: "occurred" }), extensions: undefined };
    expect(verdict(bare)).toEqual("ok");
  });
});
