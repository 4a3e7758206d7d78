import { type Canaries, type Canary, leaksTo, missingFor } from "./canaries.ts";
import { crawl } from "./crawl.ts";
import { crawlTaxii } from "./crawl-taxii.ts";
import type { Reader } from "./readers.ts";
import type { Seen } from "./seen.ts";
import type { Things } from "./things.ts";
import type { Company } from "./turns.ts";

const AT_ONCE = 8;

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
  await Promise.all(Array.from({ length: AT_ONCE }, next));
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

/** What is wrong with what a company finds at all addresses of the contract, and the canaries that each of it found. */
export async function findingsOfCrawl(
  company: Company,
  things: Things,
  canaries: Canaries,
): Promise<{ failed: string[]; seen: Map<Reader, Set<Canary>> }> {
  const failed: string[] = [];
  const seen = new Map(company.map((reader) => [reader, new Set<Canary>()]));
  for await (const one of crawl(company, things)) {
    const { readers, where, text, headers } = one;
    const here = canaries.in(`${text}\n${headers}`);
    const isEverybodys = where.startsWith("GET /v1/public/");
    for (const reader of readers) {
      failed.push(...(isEverybodys ? notPublic(reader, where, here) : leaksTo(reader, where, here)));
      if (!isEverybodys) for (const canary of here) seen.get(reader)?.add(canary);
    }
    const shared = (where.startsWith("GET /v1/objects/") || isEverybodys) && !where.includes("/receipts");
    failed.push(...wrongAnswers(one, shared));
  }
  return { failed, seen };
}

/** What is wrong with what a company finds at all addresses of TAXII. */
export async function findingsOfTaxii(
  company: Company,
  things: Things,
  canaries: Canaries,
): Promise<string[]> {
  const failed: string[] = [];
  for await (const one of crawlTaxii(company, things)) {
    const { readers, where, text, headers } = one;
    const here = canaries.in(`${text}\n${headers}`);
    for (const reader of readers) failed.push(...leaksTo(reader, where, here));
    failed.push(...wrongAnswers(one, false));
  }
  return failed;
}

/** Whatever it says, and to all who are answered so: errors, what is another's (but what is `shared` is read), what is changed of it. */
function wrongAnswers({ readers, where, status, foreign, writes }: Seen, shared: boolean): string[] {
  return readers.flatMap(({ name }) => {
    const failed: string[] = [];
    if (status >= 500) failed.push(`${name} got ${status} from ${where}`);
    if (foreign && !shared && status < 400)
      failed.push(`${name} got ${status} from ${where}, which is not its own`);
    if (foreign && writes && status < 400) failed.push(`${name} changed what is not its own: ${where}`);
    return failed;
  });
}

function notPublic({ name }: Reader, where: string, seen: Iterable<Canary>): string[] {
  return [...seen]
    .filter(({ isPublic, withdrawn }) => isPublic !== true || withdrawn === true)
    .map(({ what }) => `${name} saw ${what} in ${where}`);
}
