import { type Canaries, type Canary, leaksTo, missingFor } from "./canaries.ts";
import { crawl } from "./crawl.ts";
import { crawlTaxii } from "./crawl-taxii.ts";
import type { Reader } from "./readers.ts";
import type { Things } from "./things.ts";

/** Runs `work` for each, some at a time. */
export async function forEach<T>(
  items: readonly T[],
  work: (item: T) => Promise<string[]>,
): Promise<string[]> {
  const failures: string[] = [];
  const waiting = [...items];
  const next = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift())
      failures.push(...(await work(item)));
  };
  await Promise.all(Array.from({ length: 6 }, next));
  return failures;
}

/** Seen in a channel that carries all content: no more and no less than the oracle says. */
export function exactly(
  canaries: Canaries,
  reader: Reader,
  where: string,
  text: string,
  except: (canary: Canary) => boolean = () => false,
  asItHappened = false,
): string[] {
  const seen = canaries.in(text);
  const expected = canaries.content().filter((canary) => !except(canary));
  return [...leaksTo(reader, where, seen, asItHappened), ...missingFor(reader, where, seen, expected)];
}

/** What is wrong with what a reader finds at all addresses of the contract, and the canaries that it found. */
export async function findingsOfCrawl(
  reader: Reader,
  things: Things,
  canaries: Canaries,
): Promise<{ failed: string[]; seen: Set<Canary> }> {
  const failed: string[] = [];
  const seen = new Set<Canary>();
  for await (const { where, status, text, headers, foreign, writes } of crawl(reader, things)) {
    const here = canaries.in(`${text}\n${headers}`);
    const isEverybodys = where.startsWith("GET /v1/public/");
    failed.push(...(isEverybodys ? notPublic(reader, where, here) : leaksTo(reader, where, here)));
    if (!isEverybodys) for (const canary of here) seen.add(canary);
    if (status >= 500) failed.push(`${reader.name} got ${status} from ${where}`);
    const shared = (where.startsWith("GET /v1/objects/") || isEverybodys) && !where.includes("/receipts");
    if (foreign && !shared && status < 400)
      failed.push(`${reader.name} got ${status} from ${where}, which is not its own`);
    if (foreign && writes && status < 400)
      failed.push(`${reader.name} changed what is not its own: ${where}`);
  }
  return { failed, seen };
}

/** What is wrong with what a reader finds at all addresses of TAXII. */
export async function findingsOfTaxii(reader: Reader, things: Things, canaries: Canaries): Promise<string[]> {
  const failed: string[] = [];
  for await (const { where, answer, foreign } of crawlTaxii(reader, things)) {
    const { status, text, headers } = answer;
    failed.push(...leaksTo(reader, where, canaries.in(`${text}\n${[...headers].join("\n")}`)));
    if (status >= 500) failed.push(`${reader.name} got ${status} from ${where}`);
    if (foreign && status < 400)
      failed.push(`${reader.name} got ${status} from ${where}, which is not its own`);
  }
  return failed;
}

function notPublic({ name }: Reader, where: string, seen: Iterable<Canary>): string[] {
  return [...seen]
    .filter(({ isPublic, withdrawn }) => isPublic !== true || withdrawn === true)
    .map(({ what }) => `${name} saw ${what} in ${where}`);
}
