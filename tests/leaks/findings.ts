import { type Canaries, type Canary, leaksTo, missingFor } from "./canaries.ts";
import { crawl } from "./crawl.ts";
import { crawlTaxii } from "./crawl-taxii.ts";
import type { Reader } from "./readers.ts";
import type { Seen } from "./seen.ts";
import type { Share } from "./shares.ts";
import type { Things } from "./things.ts";

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

/** What is wrong with what a company finds at all addresses of the contract, the canaries that each of it found, and how many answers were looked at for how many. */
export async function findingsOfCrawl(
  share: Share,
  things: Things,
  canaries: Canaries,
): Promise<{ failed: string[]; seen: Map<Reader, Set<Canary>>; checks: number }> {
  const failed: string[] = [];
  let checks = 0;
  const seen = new Map(share.company.map((reader) => [reader, new Set<Canary>()]));
  for await (const one of crawl(share, things)) {
    const { readers, where, text, headers } = one;
    const here = canaries.in(`${text}\n${headers}`);
    checks += readers.length;
    const isEverybodys = where.startsWith("GET /v1/public/");
    for (const reader of readers) {
      failed.push(...(isEverybodys ? notPublic(reader, where, here) : leaksTo(reader, where, here)));
      if (!isEverybodys) for (const canary of here) seen.get(reader)?.add(canary);
    }
    const shared = (where.startsWith("GET /v1/objects/") || isEverybodys) && !where.includes("/receipts");
    failed.push(...wrongAnswers(one, shared));
  }
  return { failed, seen, checks };
}

/** What is wrong with what a company finds at all addresses of TAXII. */
export async function findingsOfTaxii(
  share: Share,
  things: Things,
  canaries: Canaries,
): Promise<{ failed: string[]; checks: number }> {
  const failed: string[] = [];
  let checks = 0;
  for await (const one of crawlTaxii(share, things)) {
    const { readers, where, text, headers } = one;
    const here = canaries.in(`${text}\n${headers}`);
    checks += readers.length;
    for (const reader of readers) failed.push(...leaksTo(reader, where, here));
    failed.push(...wrongAnswers(one, false));
  }
  return { failed, checks };
}

/**
 * What is wrong with what all companies find, each once; and that they looked at fewer than `least` answers, since then more
 * was spared than was meant. How many it were is told in a line.
 */
export async function crawled(
  what: string,
  shares: readonly Share[],
  least: number,
  work: (share: Share) => Promise<{ failed: string[]; checks: number }>,
): Promise<string[]> {
  let looked = 0;
  const failures = await forEach(shares, async (share) => {
    const { failed, checks } = await work(share);
    looked += checks;
    return failed;
  });
  process.stdout.write(`the crawl of ${what}: ${looked} answers looked at\n`);
  if (looked < least) failures.push(`only ${looked} answers of ${what} were looked at`);
  return [...new Set(failures)];
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
