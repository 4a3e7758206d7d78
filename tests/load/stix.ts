import { parseBundle } from "@suar/stix";
import { seededChance } from "../support/seeded-random.ts";
import { corpusTexts, goldenObjects } from "../support/stix-files.ts";
import type { Result } from "./results.ts";
import { spreadOf } from "./statistics.ts";

const ROUNDS = 15;
/** The engine compiles what runs often while it runs. */
const WARMING = 15;
const GENERATED = 2_000;
/** Of the properties of a golden object, which has all there are: about as many as others write of one. */
const KEPT = 0.5;
/** python-stix2 parses 700 to 1,900 objects a second on such a machine, the OASIS validator 45 to 72. */
const THIRTY_TIMES_PYTHON = 30 * 1_900;

/** Among the 1,981 objects of the corpus there are none with one of these. */
const RARE: ReadonlySet<string> = new Set(["granular_markings", "extensions", "lang"]);
const KEPT_OF_RARE = 0.1;
const COMMON: ReadonlySet<string> = new Set([
  "attack-pattern",
  "domain-name",
  "identity",
  "indicator",
  "ipv4-addr",
  "malware",
  "relationship",
  "sighting",
  "url",
]);

/**
 * How fast a bundle's text becomes judged objects, beside what JSON.parse alone takes for the same text in the same
 * round. Nothing else is measured: no platform is started.
 */
export async function measureStix(): Promise<Result[]> {
  const texts = new Map([["golden", generated()], ...corpusTexts()]);
  return [...texts].flatMap(([name, text]) => measureText(name, text));
}

function measureText(name: string, text: string): Result[] {
  const objects = (JSON.parse(text) as { objects: unknown[] }).objects.length;
  const repeats = Math.max(1, Math.round(5_000 / objects));
  const rates: number[] = [];
  const ratios: number[] = [];
  for (let round = -WARMING; round < ROUNDS; round += 1) {
    const bare = timeOf(repeats, () => JSON.parse(text));
    const whole = timeOf(repeats, () => {
      if (!parseBundle(JSON.parse(text)).ok) throw new Error(`${name} is not valid`);
    });
    if (round < 0) continue;
    rates.push((objects * repeats * 1_000) / whole);
    ratios.push(whole / bare);
  }
  const detail = { objects, bytes: text.length };
  const aim = { atLeast: THIRTY_TIMES_PYTHON };
  return [
    { name: `STIX parsed and validated: ${name}`, unit: "objects/s", ...spreadOf(rates), aim, detail },
    { name: "  time, beside JSON.parse of the same text", unit: "×", ...spreadOf(ratios), detail },
  ];
}

/** Milliseconds of processor time, collecting garbage included: what neighbours do is not in it. */
function timeOf(repeats: number, work: () => void): number {
  const before = process.cpuUsage();
  for (let repeat = 0; repeat < repeats; repeat += 1) work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/**
 * Golden objects, every other one of a type that feeds are full of and the rest of all types in turn, with as many of
 * their optional properties as objects in the wild have.
 */
function generated(): string {
  const golden = [...goldenObjects().values()].filter(({ type }) => type !== "bundle");
  const common = golden.filter(({ type }) => COMMON.has(type));
  const chance = seededChance(1);
  const objects = Array.from({ length: GENERATED }, (_, index) => {
    const from = index % 2 === 0 ? golden : common;
    const whole = from[(index >> 1) % from.length] ?? {};
    const kept = Object.entries(whole).filter(
      ([name], place) => place < 3 || chance.next() < (RARE.has(name) ? KEPT_OF_RARE : KEPT),
    );
    const part: unknown = Object.fromEntries(kept);
    return parseBundle({ ...FRAME, objects: [part] }).ok ? part : whole;
  });
  return JSON.stringify({ ...FRAME, objects });
}

const FRAME = { type: "bundle", id: "bundle--00000000-0000-4000-8000-000000000001" };
