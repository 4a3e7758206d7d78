import type { Queryable } from "@suar/runtime";
import { type BlockTimes, selectBlocksTo } from "../store/delivered.ts";
import { BLOCK, parseTimes } from "./delivery-times.ts";

/** An entry that was handed to somebody, by each channel. */
type DeliveredEntry = {
  seq: number;
  delivered: readonly { channel: string; first: Date; last: Date }[];
};

/** Of the log's blocks of 512 places, as many as one page looks at. */
const BLOCKS_A_PAGE = 4;

/** What was handed to an organisation after a place of the log. `next`: where to go on; undefined at the end. */
export async function deliveredTo(
  db: Queryable,
  organisationId: number,
  { after, limit }: { after: number; limit: number },
): Promise<{ entries: DeliveredEntry[]; next: number | undefined }> {
  const from = Math.floor((after + 1) / BLOCK);
  const rows = await selectBlocksTo(db, organisationId, { from, most: BLOCKS_A_PAGE + 1 });
  const blocks = [...new Set(rows.map(({ block }) => block))];
  const isLast = blocks.length <= BLOCKS_A_PAGE;
  const looked = new Set(blocks.slice(0, BLOCKS_A_PAGE));
  const found = rows.filter(({ block }) => looked.has(block)).flatMap((row) => entriesIn(row, after));
  const all = [...Map.groupBy(found, ({ seq }) => seq)]
    .map(([seq, delivered]) => ({ seq, delivered: delivered.map(({ seq: _, ...one }) => one) }))
    .sort((a, b) => a.seq - b.seq);
  const entries = all.slice(0, limit);
  const end = isLast ? undefined : ((blocks[BLOCKS_A_PAGE - 1] ?? 0) + 1) * BLOCK - 1;
  return { entries, next: all.length > limit ? entries.at(-1)?.seq : end };
}

function entriesIn({ block, channel, times }: BlockTimes, after: number) {
  return Array.from({ length: BLOCK }, (_, place) => place).flatMap((place) => {
    const seq = block * BLOCK + place;
    const at = seq > after ? parseTimes(times.subarray(8 * place, 8 * place + 8)) : undefined;
    return at === undefined ? [] : [{ seq, channel, ...at }];
  });
}
