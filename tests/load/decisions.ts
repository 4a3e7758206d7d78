import { type DecisionContext, decide, type Organisation, type Subject } from "@suar/policy";
import { seedPolicies } from "@suar/runtime";
import type { Result } from "./results.ts";
import { spreadOf } from "./statistics.ts";

const ROUNDS = 15;
/** The engine compiles what runs often while it runs. */
const WARMING = 5;
const REPEATS = 50_000;
const MOST_MICROS = 2;

const CN: Organisation = { id: 1, code: "CN", member: "CN", kind: "cert" };
const SG: Organisation = { id: 2, code: "SG", member: "SG", kind: "cert" };
const PLAIN: Subject = {
  type: "indicator",
  contentClass: "indicator.infrastructure",
  tlp: "green",
  producer: CN,
  to: [],
  findings: [],
};
const SUBJECTS: [string, Subject][] = [
  ["nothing to redact", PLAIN],
  [
    "three redactions",
    {
      ...PLAIN,
      findings: [
        { path: "/description", class: "email", individuals: 1 },
        { path: "/description", class: "phone", individuals: 1 },
        { path: "/name", class: "person", individuals: 2 },
      ],
    },
  ],
  ["an approval", { ...PLAIN, contentClass: "incident", tlp: "amber", to: ["SG"] }],
];

/**
 * What one decision costs, from the fullest policy that ships, beside writing the same subject as JSON in the same
 * round. Nothing else is measured: no platform is started.
 */
export async function measureDecisions(): Promise<Result[]> {
  const context: DecisionContext = { policies: seedPolicies(), now: Date.now(), individualsYtd: () => 0 };
  return SUBJECTS.flatMap(([name, subject]) => measureSubject(name, subject, context));
}

function measureSubject(name: string, subject: Subject, context: DecisionContext): Result[] {
  const micros: number[] = [];
  const ratios: number[] = [];
  let used = 0;
  for (let round = -WARMING; round < ROUNDS; round += 1) {
    const bare = microsOf(() => {
      used += JSON.stringify(subject).length;
    });
    const whole = microsOf(() => {
      used += decide(subject, SG, context).reasons.length;
    });
    if (round < 0) continue;
    micros.push(whole);
    ratios.push(whole / bare);
  }
  if (used === 0) throw new Error("nothing was decided");
  return [
    { name: `one decision, ${name}`, unit: "µs", ...spreadOf(micros), aim: { atMost: MOST_MICROS } },
    { name: "  time, beside JSON.stringify of its subject", unit: "×", ...spreadOf(ratios) },
  ];
}

/** Microseconds of processor time each: what neighbours do is not in it. */
function microsOf(work: () => void): number {
  const before = process.cpuUsage();
  for (let repeat = 0; repeat < REPEATS; repeat += 1) work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / REPEATS;
}
