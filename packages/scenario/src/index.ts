/**
 * Scenario: a drill as a script, and the clock that it is played by.
 *
 * A coordinator writes a YAML file of injects: what happens, to whom, when, and what the players are expected
 * to do. `parseScenario` reads it and reports every problem with its line; `checkScenario` reports what the
 * schema cannot see. While a drill runs, the service asks two questions of this package: what time is it in
 * the scenario (`clock.ts`), and which injects are due (`due.ts`).
 *
 * Invariants
 * - All durations and times in a scenario are scenario time; only `min_human` is wall time. A paused clock
 *   freezes every deadline, since no scenario time passes.
 * - The clock is a list of segments that only grows. Scenario time never runs backwards, even if the wall
 *   clock does; a rewind is a fork, which is another run.
 * - An inject fires once, late rather than never: what was due while nobody looked is due now, with `lateBy`.
 * - A scenario is text from outside: it is bounded in size and depth, and holds no aliases and no code.
 * - Drills speak of documentation addresses and reserved names only; anything that looks real is pointed out.
 *
 * It must not read the wall clock, files or the environment, and must not import anything but `@suar/stix`,
 * zod and yaml: times come in as arguments.
 */
export { checkScenario } from "./check.ts";
export {
  type ClockSegment,
  pauseAt,
  resumeAt,
  scenarioTimeAt,
  setSpeedAt,
  startAt,
  wallTimeOf,
} from "./clock.ts";
export {
  type DrillEvent,
  type DueInject,
  dueInjects,
  nextDueAt,
  type Trigger,
  triggerMatches,
} from "./due.ts";
export { Duration, formatDuration, parseDuration } from "./duration.ts";
export { MAX_SCENARIO_BYTES, type ParsedScenario, parseScenario } from "./parse.ts";
export type { Problem } from "./problem.ts";
export { Expectation, Inject, Scenario, TimedSubmission } from "./schema.ts";
