import { NOBODY_ID } from "./asking.ts";
import type { Row } from "./row.ts";

/** Analysts say what they saw. */
const post =
  (path: string, body: unknown): Row["ask"] =>
  async ({ analyst }) =>
    await analyst.post(path, body);

const NO_INDICATOR = `indicator--${NOBODY_ID}`;
const ONE = `/v1/objects/${NO_INDICATOR}/sightings`;
const one = (change: object): Row["ask"] => post(ONE, { tlp: "green", ...change });
const many = (sighting: object, change: object = {}): Row["ask"] =>
  post("/v1/sightings", { tlp: "green", sightings: [sighting], ...change });

/** What somebody says to have seen. */
export const SIGHTING_ROWS: readonly Row[] = [
  { it: "a sighting of what is not there", code: "not-found", ask: one({}) },
  {
    it: "a sighting of what is no id",
    code: "not-found",
    ask: post("/v1/objects/x/sightings", { tlp: "green" }),
  },
  {
    it: "a sighting of an id of 250 characters",
    code: "bad-request",
    ask: post(`/v1/objects/${"i".repeat(250)}/sightings`, { tlp: "green" }),
  },
  {
    it: "a sighting of an address by its id, which STIX has none of",
    code: "bad-request",
    ask: post(`/v1/objects/ipv4-addr--${NOBODY_ID}/sightings`, { tlp: "green" }),
    tells: "ipv4-addr",
  },
  {
    it: "a sighting of a sighting",
    code: "bad-request",
    ask: post(`/v1/objects/sighting--${NOBODY_ID}/sightings`, { tlp: "green" }),
  },
  { it: "a sighting without a marking", code: "bad-request", ask: post(ONE, {}) },
  { it: "a sighting without a body", code: "bad-request", ask: post(ONE, undefined) },
  {
    it: "a sighting under a marking that there is none of",
    code: "unknown-marking",
    ask: one({ tlp: "mauve" }),
  },
  { it: "a sighting under TLP:RED", code: "red-needs-people", ask: one({ tlp: "red" }) },
  { it: "a sighting for a person", code: "people-need-red", ask: one({ to: `person:${NOBODY_ID}` }) },
  { it: "a sighting for whom nobody knows", code: "unknown-member", ask: one({ to: "XX" }) },
  { it: "a sighting of no kind that there is", code: "bad-request", ask: one({ type: "maybe" }) },
  { it: "a sighting of no times", code: "bad-request", ask: one({ count: 0 }) },
  { it: "a sighting of a billion times", code: "bad-request", ask: one({ count: 1_000_000_000 }) },
  { it: "a sighting at no time", code: "bad-request", ask: one({ lastSeen: "yesterday" }) },
  {
    it: "a sighting with words without an end",
    code: "bad-request",
    ask: one({ description: "x".repeat(2_001) }),
  },
  { it: "a sighting in another's name", code: "bad-request", ask: one({ created_by_ref: "identity--x" }) },
  {
    it: "sightings of nothing",
    code: "bad-request",
    ask: post("/v1/sightings", { tlp: "green", sightings: [] }),
  },
  {
    it: "1,001 sightings",
    code: "bad-request",
    ask: post("/v1/sightings", { tlp: "green", sightings: Array(1_001).fill({ of: NO_INDICATOR }) }),
  },
  {
    it: "a sighting of an id and of a value",
    code: "bad-request",
    ask: many({ of: NO_INDICATOR, value: "x.example" }),
  },
  { it: "a sighting of neither", code: "bad-request", ask: many({}) },
  { it: "a sighting of what is no value", code: "bad-request", ask: many({ value: "two words" }) },
  {
    it: "a sighting of a value that nobody states",
    code: "not-found",
    ask: many({ value: "nobody-states.example" }),
  },
  {
    it: "a look at sightings of what is not there",
    code: "not-found",
    ask: post("/v1/sightings/preview", { tlp: "green", sightings: [{ of: NO_INDICATOR }] }),
  },
  {
    it: "a sighting by a subscriber, who states nothing",
    code: "forbidden",
    ask: async ({ subscriber }) => await subscriber.post(ONE, { tlp: "green" }),
  },
  {
    it: "a sighting by an officer, who states nothing",
    code: "forbidden",
    ask: async ({ officer }) => await officer.post(ONE, { tlp: "green" }),
  },
  {
    it: "a sighting by the operator",
    code: "forbidden",
    ask: async ({ operator }) => await operator.post(ONE, { tlp: "green" }),
  },
];
