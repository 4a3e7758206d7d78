import type { Reader } from "./readers.ts";
import { ask, type Seen } from "./seen.ts";
import type { Thing, Things } from "./things.ts";
import { askInTurns, type Company, spread } from "./turns.ts";

export const RECEIPTS = "/v1/tlog/receipts/:seq";
const RECEIPTS_ASKED = 40;

/** Receipts of entries all over the log, whoever they are for: of others' there are none. */
export async function* crawlReceipts(company: Company): AsyncGenerator<Seen> {
  const checkpoint = await company[0]?.api.get("/v1/tlog/checkpoint");
  const size = Number(checkpoint?.text.split("\n")[1] ?? 0);
  const paths = Array.from({ length: size }, (_, n) => RECEIPTS.replace(":seq", String(n + 1)));
  yield* askSome(company, RECEIPTS, { every: paths, some: spread(paths, RECEIPTS_ASKED) });
}

export const EXPLAIN = "/v1/explain";
const EXPLAINED = 60;

/** Explanations of objects all over, whoever's they are: to receivers their own line, to others nothing. */
export async function* crawlExplanations(company: Company, { object, stated }: Things): AsyncGenerator<Seen> {
  const every = [...new Map([...object, ...stated].map((one) => [one.id, one])).values()];
  const some = explaining(spread(object, EXPLAINED));
  yield* askSome(company, EXPLAIN, { every: explaining(every), some });
}

/** As each member's, too, every fifth. */
function explaining(things: readonly Thing[]): string[] {
  const asked = things.map(({ id }) => `${EXPLAIN}?object=${encodeURIComponent(id)}`);
  const forMember = asked.filter((_, n) => n % 5 === 0).map((path) => `${path}&member=MY`);
  return [EXPLAIN, ...asked, ...forMember];
}

/** All of them, as the one of each kind of principal that `asksAll`; its likes take turns at some, evenly spread. */
async function* askSome(
  company: Company,
  route: string,
  { every, some }: { every: readonly string[]; some: readonly string[] },
): AsyncGenerator<Seen> {
  for (const reader of company.filter(asksAll)) yield* askAll(reader, every);
  const others = company.filter((reader) => !asksAll(reader));
  const calls = some.map((path, at) => ({
    at,
    ask: async function* (reader: Reader) {
      yield await ask(reader, "GET", path, { foreign: false });
    },
  }));
  yield* askInTurns(others, route, calls);
}

/** One of each kind: each role of a CERT, of an agency and of a drill, people's own sessions, the operator and nobody. */
const ASK_ALL = new Set([
  ...["MY analyst", "BN subscriber", "CN officer", "TH coordinator"],
  ...["SG:example-bank analyst", "MY:example-port subscriber"],
  ...["CN:example-telecom officer", "SG:example-power coordinator"],
  ...["the drill's TH analyst", "the drill's SG subscriber"],
  ...["the sender of RED", "the addressee of RED", "the operator", "nobody"],
]);

export function asksAll({ name }: Reader): boolean {
  return ASK_ALL.has(name);
}

/** Kinds of principals of which nobody asks for all. */
export function kindsLeftOut(readers: readonly Reader[]): string[] {
  const kindOf = ({ realm, party, role, person }: Reader): string =>
    [realm, party?.kind, role, person === undefined ? "key" : "session"].join(" ");
  const asking = new Set(readers.filter(asksAll).map(kindOf));
  return readers.map(kindOf).filter((kind) => !asking.has(kind));
}

const AT_ONCE = 4;

async function* askAll(reader: Reader, paths: readonly string[]): AsyncGenerator<Seen> {
  for (let at = 0; at < paths.length; at += AT_ONCE) {
    const some = paths.slice(at, at + AT_ONCE);
    yield* await Promise.all(some.map(async (path) => await ask(reader, "GET", path, { foreign: false })));
  }
}
