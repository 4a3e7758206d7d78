import { compareTold } from "./compare-told.ts";
import type { CountedIndividuals } from "./count-individuals.ts";
import type { Finding } from "./findings.ts";
import { ANY_FILE, documentsOf, textsIn } from "./item-files.ts";
import { readDelivered } from "./read-delivered.ts";
import { type BookOptions, ReceiptBook } from "./receipt-book.ts";
import { checkpointsApart, Reconciliation } from "./reconcile.ts";
import { tileFolder } from "./tile-folder.ts";
import { readTold } from "./told-files.ts";

export type Folders = { inbox: string; receipts: string; tiles?: string; told?: string; kept?: string };
type Reconciled = { findings: Finding[]; counts: Counts };
export type Counts = {
  items: number;
  /** Entries that came under a later number only. */
  again: number;
  receipts: number;
  /** Of which the receipts wait for witnesses. */
  waiting: number;
  checkpoints: number;
  individuals: CountedIndividuals[];
};

/** Everything that a member keeps, set side by side. A file is read at a time; of each entry little is held. */
export async function reconcileFolders(
  folders: Folders,
  options: BookOptions & { organisation: string },
): Promise<Reconciled> {
  const book = await readReceipts(folders.receipts, options);
  const beside = new Reconciliation(book);
  for await (const { place, text } of textsIn(folders.inbox, ANY_FILE))
    for (const read of readDelivered(text, place)) beside.add(read);
  beside.close();
  const apart = folders.tiles === undefined ? [] : await checkpointsApart(book, tileFolder(folders.tiles));
  const counts = {
    items: beside.items,
    again: beside.again,
    receipts: book.size,
    waiting: book.waiting.size,
    checkpoints: book.checkpoints.size,
    individuals: book.individuals.counts,
  };
  const told = await comparedTold(folders, { book, beside, organisation: options.organisation });
  return { findings: [...book.findings, ...beside.findings, ...apart, ...told], counts };
}

type Beside = { book: ReceiptBook; beside: Reconciliation; organisation: string };

async function comparedTold({ told, kept }: Folders, held: Beside): Promise<Finding[]> {
  if (told === undefined) return [];
  const now = await readTold(told);
  const before = kept === undefined ? undefined : await readTold(kept);
  const compared = compareTold(now.told, { ...held, kept: before?.told });
  return [...now.findings, ...(before?.findings ?? []), ...compared];
}

/** All receipts of a folder, each verified. */
export async function readReceipts(folder: string, options: BookOptions): Promise<ReceiptBook> {
  const book = new ReceiptBook(options);
  for await (const { place, text } of textsIn(folder))
    for (const one of documentsOf(text, place)) book.add(one.text, one.place);
  book.close();
  return book;
}
