import { writers } from "@suar/formats";
import type { StandingLog } from "./standing-items.ts";
import { eachOnce, type ItemSubject, type Survey } from "./survey.ts";

/** What is handed over at once: whoever takes none of it for a while takes nothing. */
const PIECE = 64 * 1024;

/**
 * The export that was surveyed, in pieces, at its reader's pace. It is read anew: what was lost since is not in it, nor what
 * came to stand since, for what stands at its beginning says nothing of that; whoever asks again is told another tag.
 * `handed` is told of each entry that is in it.
 */
export async function* writeExport(
  { format, exercise, warnedOf }: ItemSubject,
  log: StandingLog,
  { facts, seqs, upTo, now }: Survey,
  handed: (seq: number) => void,
): AsyncGenerator<string> {
  const writer = writers[format].open({ now, exercise, warnedOf });
  yield writer.header(facts);
  let place = 0;
  for await (const { items } of log.looks(upTo)) {
    let piece = "";
    for (const item of items) {
      while ((seqs[place] ?? Number.POSITIVE_INFINITY) < item.seq) place += 1;
      if (seqs[place] !== item.seq) continue;
      const { text } = writer.write(item);
      if (text !== "") handed(item.seq);
      piece += text;
      if (piece.length < PIECE) continue;
      yield piece;
      piece = "";
    }
    if (piece !== "") yield piece;
  }
  const inDocuments: number[] = [];
  for (const { text, items } of writer.documents?.() ?? []) {
    inDocuments.push(...items.map(({ seq }) => seq));
    yield text;
  }
  eachOnce(inDocuments).forEach(handed);
  yield writer.footer(facts);
}
