import type { Reader } from "./readers.ts";
import { ask, type Seen } from "./seen.ts";
import { askShare, type Share, shareOf } from "./shares.ts";
import type { Thing, Things } from "./things.ts";

export const RECEIPTS = "/v1/tlog/receipts/:seq";

/** Receipts of entries all over the log, whoever they are for: of others' there are none. */
export async function* crawlReceipts(share: Share): AsyncGenerator<Seen> {
  const checkpoint = await share.company[0]?.api.get("/v1/tlog/checkpoint");
  const size = Number(checkpoint?.text.split("\n")[1] ?? 0);
  const paths = Array.from({ length: size }, (_, n) => RECEIPTS.replace(":seq", String(n + 1)));
  yield* askFor(share, RECEIPTS, paths);
}

export const EXPLAIN = "/v1/explain";

/** Explanations of objects all over, whoever's they are: to receivers their own line, to others nothing. */
export async function* crawlExplanations(share: Share, { object, stated }: Things): AsyncGenerator<Seen> {
  const every = [...new Map([...object, ...stated].map((one) => [one.id, one])).values()];
  yield* askFor(share, EXPLAIN, explaining(every));
}

/** As each member's, too, every fifth. */
function explaining(things: readonly Thing[]): string[] {
  const asked = things.map(({ id }) => `${EXPLAIN}?object=${encodeURIComponent(id)}`);
  const forMember = asked.filter((_, n) => n % 5 === 0).map((path) => `${path}&member=MY`);
  return [EXPLAIN, ...asked, ...forMember];
}

async function* askFor(share: Share, route: string, paths: readonly string[]): AsyncGenerator<Seen> {
  const calls = shareOf(share, route, paths).map((path, at) => ({
    at,
    ask: async function* (reader: Reader) {
      yield await ask(reader, "GET", path, { foreign: false });
    },
  }));
  yield* askShare(share, route, calls);
}
