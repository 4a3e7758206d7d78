import { findPersonalData } from "@suar/policy";
import type { StixObject } from "@suar/stix";
import { corpusTexts } from "../support/stix-files.ts";
import type { Result } from "./results.ts";
import { spreadOf } from "./statistics.ts";

const ROUNDS = 15;
/** The engine compiles what runs often while it runs. */
const WARMING = 10;
const INDICATORS = 2_000;
const MOST_MICROSECONDS = 15;

/**
 * What looking for personal data costs, beside JSON.parse of the same objects in the same round: plain indicators,
 * as nearly all are, such with dates and numbers in their texts, and the corpus where it is there.
 */
export async function measurePersonal(): Promise<Result[]> {
  const plain = indicators(
    "Command and control of a campaign that several members have seen since spring, active",
  );
  const numbers = indicators(
    "Seen 2026-03-01 10:15:30 at 203.0.113.7:443 with CVE-2026-12345, version 10.0.19041.1",
  );
  return [
    ...measureObjects("plain indicators", plain, MOST_MICROSECONDS),
    ...measureObjects("indicators with numbers in their texts", numbers),
    ...[...corpusTexts()].flatMap(([name, text]) =>
      measureObjects(name, (JSON.parse(text) as { objects: StixObject[] }).objects),
    ),
  ];
}

function measureObjects(name: string, objects: readonly StixObject[], atMost?: number): Result[] {
  const text = JSON.stringify(objects);
  const costs: number[] = [];
  const ratios: number[] = [];
  for (let round = -WARMING; round < ROUNDS; round += 1) {
    const bare = timeOf(() => JSON.parse(text));
    const looked = timeOf(() => {
      for (const object of objects) findPersonalData(object);
    });
    if (round < 0) continue;
    costs.push((looked * 1_000) / objects.length);
    ratios.push(looked / bare);
  }
  const detail = { objects: objects.length, bytes: text.length };
  const aim = atMost === undefined ? {} : { aim: { atMost } };
  return [
    { name: `personal data looked for: ${name}`, unit: "µs", ...spreadOf(costs), ...aim, detail },
    { name: "  time, beside JSON.parse of the same objects", unit: "×", ...spreadOf(ratios), detail },
  ];
}

/** Milliseconds, of a clock fine enough for rounds of a few. */
function timeOf(work: () => void): number {
  const before = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - before) / 1e6;
}

function indicators(description: string): StixObject[] {
  return Array.from({ length: INDICATORS }, (_, index) => {
    const id = `indicator--123e4567-e89b-42d3-a456-${String(index).padStart(12, "0")}`;
    const at = "2026-03-01T00:00:00.000Z";
    const name = `relay-${index}.example`;
    return {
      type: "indicator",
      spec_version: "2.1",
      id,
      created: at,
      modified: at,
      name,
      description: description.padEnd(100, "."),
      pattern: `[domain-name:value = '${name}']`,
      pattern_type: "stix",
      valid_from: at,
    };
  });
}
