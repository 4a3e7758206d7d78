import { QUIET_DRILL } from "../support/quiet-drill.ts";
import type { Row } from "./row.ts";

const NOBODY_ID = "00000000-0000-4000-8000-000000000000";

const drill = (scenario: unknown, more: object = {}): Row["ask"] => {
  return async ({ coordinator }) => await coordinator.post("/v1/drills", { scenario, ...more });
};

/** Drills: bodies that are none, and scenarios with mistakes. */
export const DRILL_ROWS: readonly Row[] = [
  { it: "a drill without a scenario", code: "bad-request", ask: drill("") },
  { it: "a drill whose scenario is an object", code: "bad-request", ask: drill({ drill: 1 }) },
  { it: "a drill at no speed", code: "bad-request", ask: drill(QUIET_DRILL, { speed: 0 }) },
  { it: "a drill at the speed of words", code: "bad-request", ask: drill(QUIET_DRILL, { speed: "fast" }) },
  { it: "a scenario that is no YAML", code: "bad-scenario", ask: drill("a: [1, 2") },
  { it: "a scenario that is only a word", code: "bad-scenario", ask: drill("drill") },
  { it: "a scenario with a tab for indentation", code: "bad-scenario", ask: drill("drill: 1\n\ttitle: x\n") },
  { it: "a scenario that multiplies itself by aliases", code: "bad-scenario", ask: drill(bomb()) },
  {
    it: "a scenario nested 10,000 deep",
    code: "bad-scenario",
    ask: drill(`drill: ${"[".repeat(10_000)}${"]".repeat(10_000)}`),
  },
  {
    it: "a scenario with NUL",
    code: "bad-request",
    ask: drill(QUIET_DRILL.replace("Nothing happens", "Nothing\u0000happens")),
  },
  {
    it: "a scenario with a participant that there is none of",
    code: "unknown-member",
    ask: drill(QUIET_DRILL.replace("TH: ThaiCERT", "XX: Nobody")),
  },
  {
    it: "a scenario with a duration that is none",
    code: "bad-scenario",
    ask: drill(QUIET_DRILL.replace("PT10M", "ten minutes")),
  },
  {
    it: "a drill that is not there",
    code: "not-found",
    ask: async ({ coordinator }) => await coordinator.get(`/v1/drills/${NOBODY_ID}`),
  },
  {
    it: "the start of a drill that is not there",
    code: "not-found",
    ask: async ({ coordinator }) => await coordinator.post(`/v1/drills/${NOBODY_ID}/start`),
  },
  {
    it: "a drill that is paused before it began",
    code: "conflict",
    ask: async ({ coordinator }) => {
      const { body } = await coordinator.post("/v1/drills", { scenario: QUIET_DRILL });
      const answer = await coordinator.post(`/v1/drills/${body.id}/pause`);
      await coordinator.post(`/v1/drills/${body.id}/end`);
      await coordinator.post(`/v1/drills/${body.id}/archive`);
      return answer;
    },
  },
];

/** Nine levels of nine aliases each. */
function bomb(): string {
  const levels = Array.from({ length: 9 }, (_, n) => {
    const before = n === 0 ? '"x"' : `*l${n - 1}`;
    return `l${n}: &l${n} [${Array(9).fill(before).join(",")}]`;
  });
  return `${levels.join("\n")}\n`;
}
