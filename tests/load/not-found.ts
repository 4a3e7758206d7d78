import { randomUUID } from "node:crypto";
import { type Caller, submitAndWait } from "../support/api.ts";
import type { BenchPlatform } from "./bench-platform.ts";
import type { Result } from "./results.ts";
import { now, percentile, spreadOf } from "./statistics.ts";

const ROUNDS = 5;
const PAIRS = 150;

/**
 * How long a refusal takes for what is another's, as a ratio to what never was: interleaved, so that both meet the same
 * machine. That both do the same work tests/leaks/same-work.test.ts asserts; this is what is left of it on the clock.
 */
export async function measureNotFound(bench: BenchPlatform): Promise<Result[]> {
  const object = `indicator--${randomUUID()}`;
  const submission = await plant(bench.api("SG"), object);
  const stranger = bench.api("MY");
  const places: [name: string, held: string, absent: () => string][] = [
    ["object", `/v1/objects/${object}`, () => `/v1/objects/indicator--${randomUUID()}`],
    ["submission", `/v1/submissions/${submission}`, () => `/v1/submissions/${randomUUID()}`],
  ];
  const results: Result[] = [];
  for (const [name, held, absent] of places) {
    await ratioOf(stranger, held, absent); // warms code and connections up
    const ratios: number[] = [];
    for (let round = 0; round < ROUNDS; round++) ratios.push(await ratioOf(stranger, held, absent));
    results.push({ name: `404 of another's ${name}, to one that never was`, unit: "×", ...spreadOf(ratios) });
  }
  return results;
}

async function plant(api: Caller, id: string): Promise<string> {
  const at = "2026-03-01T00:00:00.000Z";
  const indicator = {
    type: "indicator",
    spec_version: "2.1",
    id,
    created: at,
    modified: at,
    pattern: "[domain-name:value = 'held.example']",
    pattern_type: "stix",
    valid_from: at,
  };
  const bundle = { type: "bundle", id: `bundle--${randomUUID()}`, objects: [indicator] };
  const query = "?tlp=amber%2Bstrict&format=stix";
  const { body } = await submitAndWait(api, query, JSON.stringify(bundle), "application/json");
  if (body.counts.accepted !== 1) throw new Error(`not accepted: ${JSON.stringify(body.records)}`);
  return body.id;
}

/** Of the medians of a round. */
async function ratioOf(api: Caller, held: string, absent: () => string): Promise<number> {
  const [ofHeld, ofAbsent]: [number[], number[]] = [[], []];
  for (let pair = 0; pair < PAIRS; pair++) {
    ofHeld.push(await timeOf(api, held));
    ofAbsent.push(await timeOf(api, absent()));
  }
  return median(ofHeld) / median(ofAbsent);
}

async function timeOf(api: Caller, path: string): Promise<number> {
  const started = now();
  const { status } = await api.get(path);
  if (status !== 404) throw new Error(`${path}: ${status} in place of 404`);
  return now() - started;
}

function median(times: readonly number[]): number {
  return percentile(
    [...times].sort((a, b) => a - b),
    0.5,
  );
}
