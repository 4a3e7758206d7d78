import type { RouteName } from "@suar/contract";
import { bundleOf } from "../../support/bundle-of.ts";
import { indicator, sdo } from "../bundles.ts";
import { EXPORT_SWAPS } from "./export-swaps.ts";
import { GOVERNED_SWAPS } from "./governed-swaps.ts";
import { PERSONAL_SWAPS } from "./personal-swaps.ts";
import { cursorInto, elsewhere, inPath, knowsAgencies, listedTo, type Swap, type SwapRow } from "./swap.ts";

/**
 * Every route of the contract, with each place of it that may name something of another's; or why it has none. A route
 * that is not here fails swapped-ids.test.ts.
 */
export const ROUTE_SWAPS: Record<RouteName, SwapRow> = {
  // First, since a person who is removed is nobody's contact any more.
  ...PERSONAL_SWAPS,
  ...GOVERNED_SWAPS,
  ...EXPORT_SWAPS,

  // Identity.
  whoAmI: "none: it tells of the caller's own key alone",
  listMembers: [
    elsewhere(
      "listMembers",
      "agency",
      "as a cursor",
      (code) => ({ query: `?after=${encodeURIComponent(code)}` }),
      { hidden: true },
    ),
  ],
  removeMember: [inPath("removeMember", "member")],
  restoreMember: [inPath("restoreMember", "member")],
  listGroups: "none: groups are the same for everybody",
  listAgencies: [
    elsewhere(
      "listAgencies",
      "agency",
      "as a cursor",
      (code) => ({ query: `?after=${encodeURIComponent(code)}` }),
      { isFor: knowsAgencies },
    ),
  ],
  createAgency: [
    elsewhere(
      "createAgency",
      "agency",
      "as a name of the caller's own",
      (code) => ({ body: { code: code.split(":")[1], name: "of my own", sector: "energy" } }),
      { makes: true },
    ),
  ],
  removeAgency: [inPath("removeAgency", "agency")],
  listKeys: [cursorInto("listKeys", "key", listedTo)],
  createKey: [
    elsewhere("createKey", "agency", "as the organisation", (organisation) => ({
      body: { organisation, roles: ["analyst"], label: "x" },
    })),
  ],
  confirmKey: [inPath("confirmKey", "key", { isFor: () => false, hidden: true })],
  revokeKey: [inPath("revokeKey", "key")],
  listPeople: [cursorInto("listPeople", "person", listedTo)],
  createPerson: [
    elsewhere("createPerson", "agency", "as the organisation", (organisation) => ({
      body: { organisation, title: "x", roles: ["analyst"] },
    })),
  ],
  removePerson: [inPath("removePerson", "person")],
  createSignInLink: [inPath("createSignInLink", "person")],
  signIn: [
    elsewhere("signIn", "signInToken", "a token that was used", (token) => ({ body: { token } }), {
      hidden: true,
    }),
  ],

  getWatch: "none: it tells of the caller's own organisation alone",
  setWatch: "none: it names nothing of anybody's",

  // Submissions. Whom `to=` may name is for every submitter to know: a report cannot be sent to nobody.
  submit: [
    dryRunOf("in an object's references", (id) => [
      grouping([id, OWN.id]),
      OWN,
      sdo("note", "mine", { content: "x", object_refs: [id] }),
    ]),
    dryRunOf("at a relationship's end", (id) => [
      OWN,
      sdo("relationship", "mine", {
        relationship_type: "related-to",
        source_ref: OWN.id,
        target_ref: id,
      }),
    ]),
    dryRunOf("as the id of an object of the caller's", (id) =>
      id.startsWith("indicator--") ? [{ ...indicator("mine"), id }, grouping([id])] : [grouping([id])],
    ),
    dryRunOf(
      "as the id of what was pulled",
      (id) => (id.startsWith("indicator--") ? [{ ...indicator("mine"), id }] : [grouping([id])]),
      "&origin=https%3A%2F%2Ftaxii.example%2F",
    ),
    elsewhere(
      "submit",
      "value",
      "as a value in a text",
      (value) => ({
        query: "?tlp=green&dryRun=true",
        body: `seen today: ${value}`,
        headers: { "content-type": "text/plain" },
      }),
      { hidden: true },
    ),
    // Whom nobody has published is answered as whom there is none of, to that person's own office, too.
    elsewhere(
      "submit",
      "person",
      "as whom TLP:RED is for",
      (id) => ({
        query: `?tlp=red&dryRun=true&to=person:${id}`,
        body: "value\nmine.example\n",
        headers: { "content-type": "text/csv" },
      }),
      { isFor: () => false, hidden: true },
    ),
  ],
  getSubmission: [inPath("getSubmission", "submission"), inPath("getSubmission", "sentRed")],
  listSubmissions: [cursorInto("listSubmissions", "submission")],
  incidentReportSchema: "none: it is the same for everybody",

  // Sources.
  createSource: "none: it names nothing of this platform but recipients",
  listSources: [cursorInto("listSources", "source")],
  getSource: [inPath("getSource", "source")],
  deleteSource: [inPath("deleteSource", "source")],
  pauseSource: [inPath("pauseSource", "source")],
  resumeSource: [inPath("resumeSource", "source")],
  pullNow: [inPath("pullNow", "source")],

  // Reading.
  readLog: [
    elsewhere("readLog", "cursor", "as the cursor", (after) => ({ query: `?after=${after}` })),
    elsewhere(
      "readLog",
      "agency",
      "as a producer",
      (code) => ({
        query: `?producers=${encodeURIComponent(code)}`,
      }),
      { hidden: true },
    ),
    elsewhere("readLog", "value", "in the filter", (value) => ({ query: `?values=${value}` })),
  ],
  listObjects: [
    elsewhere(
      "listObjects",
      "agency",
      "as the producer",
      (code) => ({
        query: `?producer=${encodeURIComponent(code)}`,
      }),
      { hidden: true },
    ),
    elsewhere(
      "listObjects",
      "agency",
      "as the producer, after no place",
      (code) => ({
        query: `?producer=${encodeURIComponent(code)}&after=x`,
      }),
      { hidden: true },
    ),
  ],
  getObject: [inPath("getObject", "object")],
  getMarking: [inPath("getMarking", "object")],
  changeMarking: [
    inPath("changeMarking", "object", { body: { tlp: "clear" }, headers: { "if-match": '"taken-over"' } }),
  ],
  // Asked of nobody in particular: its owner is told nothing there of what is not public, either.
  readPublicEvents: "none: it is the same for everybody",
  getPublicObject: [inPath("getPublicObject", "object", { isFor: () => false, hidden: true })],
  withdrawObject: [inPath("withdrawObject", "object", { body: { reason: "x" } })],
  search: [
    elsewhere("search", "object", "as what is looked for", (id) => ({ query: `?q=${id}` })),
    elsewhere("search", "value", "as what is looked for", (value) => ({ query: `?q=${value}` })),
    elsewhere("search", "value", "by its beginning", (value) => ({ query: `?q=${value.split(".")[0]}` }), {
      hidden: true,
    }),
  ],
  reportSighting: [inPath("reportSighting", "object", { body: { tlp: "green" } })],
  reportSightings: [
    elsewhere("reportSightings", "object", "as what was seen", (of) => ({
      body: { tlp: "green", sightings: [{ of }] },
    })),
    elsewhere("reportSightings", "value", "as a value that was seen", (value) => ({
      body: { tlp: "green", sightings: [{ value }] },
    })),
  ],
  previewSightings: [
    elsewhere("previewSightings", "object", "as what was seen", (of) => ({
      body: { tlp: "green", sightings: [{ of }] },
    })),
    elsewhere("previewSightings", "value", "as a value that was seen", (value) => ({
      body: { tlp: "green", sightings: [{ value }] },
    })),
  ],
  createTicket: "none: it tells of the caller's own key alone",
  live: [
    elsewhere("live", "ticket", "a ticket that was used", (ticket) => ({ query: `?ticket=${ticket}` }), {
      hidden: true,
    }),
    elsewhere("live", "cursor", "as the cursor", (after) => ({ query: `?after=${after}` }), { hidden: true }),
    elsewhere("live", "cursor", "as Last-Event-ID", (id) => ({ headers: { "last-event-id": id } }), {
      hidden: true,
    }),
  ],

  // Webhooks.
  createWebhook: [
    elsewhere("createWebhook", "cursor", "as the cursor", (after) => ({
      body: { url: "https://hooks.example.com/", after },
    })),
  ],
  listWebhooks: [cursorInto("listWebhooks", "webhook")],
  getWebhook: [inPath("getWebhook", "webhook")],
  changeWebhook: [
    inPath("changeWebhook", "webhook", { body: { description: "taken over" } }),
    inPath("changeWebhook", "webhook", { body: { url: "http://169.254.169.254/" } }),
  ],
  deleteWebhook: [inPath("deleteWebhook", "webhook")],
  pauseWebhook: [inPath("pauseWebhook", "webhook")],
  resumeWebhook: [inPath("resumeWebhook", "webhook")],
  testWebhook: [inPath("testWebhook", "webhook")],
  rotateSecret: [inPath("rotateSecret", "webhook")],
  replayWebhook: [
    inPath("replayWebhook", "webhook", { body: { from: 0 } }),
    inPath("replayWebhook", "webhook", { body: { from: 999_999_999 } }),
  ],
  listAttempts: [inPath("listAttempts", "webhook")],

  // Response.
  createAlertRule: "none: its filter names values, and is compared with what is released to the caller",
  listAlertRules: [cursorInto("listAlertRules", "alertRule")],
  deleteAlertRule: [inPath("deleteAlertRule", "alertRule")],
  listAlerts: [cursorInto("listAlerts", "alert")],
  acknowledgeAlert: [inPath("acknowledgeAlert", "alert")],
  createAdvisory: [
    elsewhere(
      "createAdvisory",
      "object",
      "in its references",
      (id) => ({ body: { title: "x", body: "x", tlp: "green", references: [id] } }),
      { makes: true, hidden: true },
    ),
  ],
  listAdvisories: [cursorInto("listAdvisories", "advisory")],
  getAdvisory: [inPath("getAdvisory", "advisory")],
  changeAdvisory: [
    inPath("changeAdvisory", "advisory", {
      body: { title: "taken over", body: "x", tlp: "clear" },
      headers: { "if-match": '"1"' },
    }),
    inPath("changeAdvisory", "advisory", {
      body: { title: "taken over", body: "x", tlp: "clear" },
      headers: { "if-match": '"7"' },
    }),
    inPath("changeAdvisory", "advisory", { body: { title: "taken over", body: "x", tlp: "clear" } }),
  ],
  publishAdvisory: [inPath("publishAdvisory", "advisory")],

  // Drills.
  createDrill: "none: a scenario names members, who are known to all",
  listDrills: [cursorInto("listDrills", "drill")],
  getDrill: [inPath("getDrill", "drill")],
  startDrill: [inPath("startDrill", "drill")],
  pauseDrill: [inPath("pauseDrill", "drill")],
  resumeDrill: [inPath("resumeDrill", "drill")],
  endDrill: [inPath("endDrill", "drill")],
  archiveDrill: [inPath("archiveDrill", "drill")],
  replayDrill: [inPath("replayDrill", "drill", { body: {} })],
  drillDeliveries: [inPath("drillDeliveries", "drill")],
};

const OWN = indicator("mine");

function grouping(refs: readonly string[]) {
  return sdo("grouping", "mine", { name: "mine", context: "unspecified", object_refs: refs });
}

function dryRunOf(place: string, objects: (id: string) => object[], more = ""): Swap {
  return elsewhere("submit", "object", place, (id) => ({
    query: `?tlp=green&dryRun=true${more}`,
    body: bundleOf(...objects(id)),
    headers: { "content-type": "application/json" },
  }));
}
