import { type DecisionContext, decide } from "../decide.ts";
import { loadPolicySet } from "../pairs/policy-set.ts";
import type { Organisation, Subject } from "../subject.ts";
import { type OraclePolicy, oracle } from "./decision-oracle.ts";

/** Every combination of what the columns hold. */
export function* table<Row extends object>(
  columns: {
    [Name in keyof Row]: readonly Row[Name][];
  },
): Generator<Row> {
  const names = Object.keys(columns) as (keyof Row)[];
  const walk = function* (at: number, row: Partial<Row>): Generator<Row> {
    const name = names[at];
    if (name === undefined) yield { ...row } as Row;
    else for (const value of columns[name]) yield* walk(at + 1, { ...row, [name]: value });
  };
  yield* walk(0, {});
}

/**
 * What differs between the oracle and `decide`, over all subjects and organisations: how many were compared, the first
 * ten differences, and how often somebody was reached.
 */
export function compareWithOracle(
  subjects: Iterable<Subject>,
  seeds: readonly unknown[],
  { organisations, now, ytd }: { organisations: readonly Organisation[]; now: string; ytd: number },
): [compared: number, different: string[], reached: number] {
  const policies = loadPolicySet(seeds);
  const context: DecisionContext = { policies, now: Date.parse(now), individualsYtd: () => ytd };
  const world = { organisations, policies: seeds as OraclePolicy[], now, ytd };
  const different: string[] = [];
  let [compared, reached] = [0, 0];
  for (const subject of subjects) {
    const expected = oracle(subject, world);
    for (const recipient of organisations) {
      compared += 1;
      if (expected.get(recipient.code)?.withheld === false) reached += 1;
      const [is, should] = [
        decided(subject, recipient, context),
        JSON.stringify(expected.get(recipient.code)),
      ];
      if (is !== should && different.length < 10)
        different.push(`${recipient.code} of ${JSON.stringify(subject)}: ${is}, not ${should}`);
    }
  }
  return [compared, different, reached];
}

/** In the words of the oracle. */
function decided(subject: Subject, recipient: Organisation, context: DecisionContext): string {
  const outcome = decide(subject, recipient, context);
  const { withheld, approvers, fourEyes, deadlineHours, obligations } = outcome;
  const redactions = outcome.redactions.map(({ path, op, class: kind }) => `${path} ${kind} ${op}`).sort();
  return JSON.stringify({ withheld, approvers, fourEyes, deadlineHours, redactions, obligations });
}
