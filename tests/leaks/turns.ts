import type { Reader } from "./readers.ts";
import type { Seen } from "./seen.ts";

/** Readers of one organisation in one realm, or one who has no likes: a person, the operator, nobody. */
export type Company = readonly Reader[];

/** What somebody asks for, whoever it is: an answer, or all pages of one. `at`: its place, the same for every company. */
export type Call<T extends Seen> = { at: number; ask: (reader: Reader) => AsyncIterable<T> };

/** So much is asked for by every reader of a company before any of them asks for others, too. */
export const PROVED = 8;

/** Each begins with another of its readers, so that at the same call not all of them have the same role ask. */
export function companiesOf(readers: readonly Reader[]): Company[] {
  const nameOf = ({ name, realm, party, person }: Reader): string =>
    party === undefined || person !== undefined ? name : `${realm} ${party.code}`;
  return [...Map.groupBy(readers, nameOf).values()].map((all, at) => {
    const first = at % all.length;
    return [...all.slice(first), ...all.slice(0, first)];
  });
}

/**
 * Calls of one route, as a company. Some of them are every reader's; those whom all of these answered alike, byte by byte,
 * take turns at the rest, and what one of them is shown counts as shown to each, once some of every status that was answered
 * have been asked for by all of them. Who was answered otherwise even once asks for everything.
 */
export async function* askInTurns<T extends Seen>(
  company: Company,
  route: string,
  calls: readonly Call<T>[],
  most = PROVED,
): AsyncGenerator<T> {
  const proving = new Set(spread(calls, most));
  const told = new Map<Reader, T[]>(company.map((reader) => [reader, []]));
  for (const call of proving) {
    for (const reader of company) {
      const all = await Array.fromAsync(call.ask(reader));
      told.get(reader)?.push(...all);
      yield* all;
    }
  }
  const rest = calls.filter((call) => !proving.has(call));
  for (const likes of Map.groupBy(company, (reader) => shapeOf(told.get(reader) ?? [])).values()) {
    const proved = (told.get(likes[0] as Reader) ?? []).map(({ status }) => status);
    yield* takeTurns(likes, { rest, proved, first: hashOf(route), most });
  }
}

type Answered<T extends Seen> = { call: Call<T>; asking: Reader; all: T[]; alsoAsked: Set<Reader> };

async function* takeTurns<T extends Seen>(
  likes: readonly Reader[],
  { rest, proved, first, most }: { rest: readonly Call<T>[]; proved: number[]; first: number; most: number },
): AsyncGenerator<T> {
  const answered: Answered<T>[] = [];
  for (const call of rest) {
    const asking = likes[(first + call.at) % likes.length] as Reader;
    answered.push({ call, asking, all: await Array.fromAsync(call.ask(asking)), alsoAsked: new Set() });
  }
  let isAlike = true;
  for (const one of likes.length > 1 ? unproved(answered, proved, most) : [])
    for (const reader of likes.filter((other) => other !== one.asking)) {
      const own = await Array.fromAsync(one.call.ask(reader));
      one.alsoAsked.add(reader);
      isAlike &&= shapeOf(own) === shapeOf(one.all);
      yield* own;
    }
  for (const { call, asking, all, alsoAsked } of answered) {
    const others = likes.filter((one) => one !== asking && !alsoAsked.has(one));
    for (const seen of all) yield { ...seen, readers: isAlike ? [asking, ...others] : [asking] };
    if (!isAlike) for (const reader of others) yield* call.ask(reader);
  }
}

/** Of each status as many, evenly spread, as it takes for `most` of it. */
function unproved<T extends Seen>(
  answered: readonly Answered<T>[],
  proved: number[],
  most: number,
): Answered<T>[] {
  const statuses = new Set(answered.flatMap(({ all }) => all.map(({ status }) => status)));
  const wanted = [...statuses].flatMap((status) => {
    const lacking = most - proved.filter((one) => one === status).length;
    const having = answered.filter(({ all }) => all.some((seen) => seen.status === status));
    return spread(having, Math.max(0, lacking));
  });
  return [...new Set(wanted)];
}

export function hashOf(text: string): number {
  return [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_000_003, 0);
}

/** So many of them, evenly spread, the first and the last among them. */
function spread<T>(items: readonly T[], most: number): readonly T[] {
  if (items.length <= most) return items;
  if (most < 2) return items.slice(0, most);
  const step = (items.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, n) => items[Math.round(n * step)] as T);
}

/** What is said, but for the number of the request, the moment of the answer, and how often one may ask again. */
function shapeOf(all: readonly Seen[]): string {
  return all
    .map(({ status, text, headers }) => {
      const said = text
        .replace(/"requestId":"[^"]*"/, "")
        .replace(/^(\{"object":"[^"]*",)"at":"[^"]*"/, "$1");
      const lines = headers.split("\n").filter((line) => !OF_THE_MOMENT.test(line));
      return [status, said, ...lines].join("\n");
    })
    .join("\n");
}

/** The text is compared itself; all else that a header says is compared. */
const OF_THE_MOMENT = /^(?:date|ratelimit[a-z-]*|x-request-id|content-length|connection|keep-alive),/i;
