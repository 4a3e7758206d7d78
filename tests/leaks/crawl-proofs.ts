import type { Reader } from "./readers.ts";
import { ask, type Seen } from "./seen.ts";
import type { Things } from "./things.ts";

export const RECEIPTS = "/v1/tlog/receipts/:seq";
const RECEIPTS_ASKED = 40;

/** Receipts of entries all over the log, whoever they are for: of others' there are none. */
export async function* crawlReceipts(reader: Reader): AsyncGenerator<Seen> {
  const checkpoint = await reader.api.get("/v1/tlog/checkpoint");
  const size = Number(checkpoint.text.split("\n")[1] ?? 0);
  const seqs = Array.from({ length: size }, (_, n) => n + 1);
  yield* askAll(
    reader,
    spread(reader, seqs, RECEIPTS_ASKED).map((seq) => RECEIPTS.replace(":seq", String(seq))),
  );
}

export const EXPLAIN = "/v1/explain";
const EXPLAINED = 60;

/** Explanations of objects all over, whoever's they are: to receivers their own line, to others nothing. */
export async function* crawlExplanations(reader: Reader, { object, stated }: Things): AsyncGenerator<Seen> {
  const every = [...new Map([...object, ...stated].map((one) => [one.id, one])).values()];
  const asked = spread(reader, asksAll(reader) ? every : object, EXPLAINED).map(
    ({ id }) => `${EXPLAIN}?object=${encodeURIComponent(id)}`,
  );
  const forMember = asked.filter((_, n) => n % 5 === 0).map((path) => `${path}&member=MY`);
  yield* askAll(reader, [EXPLAIN, ...asked, ...forMember]);
}

/** All of them, for the one of each kind of principal that `asksAll`; for its likes so many, evenly spread. */
function spread<T>(reader: Reader, items: readonly T[], most: number): readonly T[] {
  if (asksAll(reader)) return items;
  const step = Math.max(1, Math.floor(items.length / most));
  return items.filter((_, n) => n % step === 0);
}

/** One of each kind: each role of a CERT, of an agency and of a drill, people's own sessions, the operator and nobody. */
const ASK_ALL = new Set([
  ...["MY analyst", "BN subscriber", "CN officer", "TH coordinator"],
  ...["SG:example-bank analyst", "MY:example-port subscriber"],
  ...["CN:example-telecom officer", "SG:example-power coordinator"],
  ...["the drill's TH analyst", "the drill's SG subscriber"],
  ...["the sender of RED", "the addressee of RED", "the operator", "nobody"],
]);

function asksAll({ name }: Reader): boolean {
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
