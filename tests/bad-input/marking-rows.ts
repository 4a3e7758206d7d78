import { get, NOBODY_ID } from "./asking.ts";
import { JSON_TYPE, type Row } from "./row.ts";

const NO_OBJECT = "/v1/objects/indicator--8e2e2d2b-17d4-4cbf-938f-000000000000";
const SOME_TAG = { "if-match": '"a-tag"' };

const marks =
  (body: unknown, headers: Record<string, string> = SOME_TAG): Row["ask"] =>
  async ({ analyst }) =>
    await analyst.raw(`${NO_OBJECT}/marking`, JSON.stringify(body), { ...JSON_TYPE, ...headers });

/** An originator's marking of what it stated. */
export const MARKING_ROWS: readonly Row[] = [
  { it: "the marking of what is not there", code: "not-found", ask: get(`${NO_OBJECT}/marking`) },
  { it: "a marking without If-Match", code: "bad-request", ask: marks({ tlp: "amber" }, {}) },
  { it: "a marking of what is not there", code: "not-found", ask: marks({ tlp: "amber" }) },
  { it: "a marking that says nothing", code: "bad-request", ask: marks({}) },
  { it: "a marking that there is none of", code: "bad-request", ask: marks({ tlp: "blue" }) },
  { it: "a marking for nobody", code: "bad-request", ask: marks({ to: [] }) },
  { it: "a marking for 501", code: "bad-request", ask: marks({ to: Array(501).fill("MY") }) },
  { it: "a marking for whom nobody knows", code: "unknown-member", ask: marks({ to: ["XX"] }) },
  { it: "a marking for a person", code: "unknown-member", ask: marks({ to: [`person:${NOBODY_ID}`] }) },
  { it: "TLP:RED by marking", code: "red-needs-people", ask: marks({ tlp: "red" }) },
  { it: "a marking with another field", code: "bad-request", ask: marks({ tlp: "amber", reason: "x" }) },
  {
    it: "a marking by an officer, who states nothing",
    code: "forbidden",
    ask: async ({ officer }) =>
      await officer.raw(`${NO_OBJECT}/marking`, '{"tlp":"amber"}', { ...JSON_TYPE, ...SOME_TAG }),
  },
];
