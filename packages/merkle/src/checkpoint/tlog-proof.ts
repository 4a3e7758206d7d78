import { fromBase64, toBase64 } from "../base64.ts";
import { MerkleError } from "../error.ts";
import { isHash } from "../hash.ts";
import { isSize } from "../tree/tree.ts";

/** C2SP tlog-proof: that the leaf at an index is in the tree of a signed checkpoint, which stands in it verbatim. */
export type TlogProof = {
  index: number;
  hashes: readonly Uint8Array[];
  /** The signed note. */
  checkpoint: string;
  /** Authenticated by nothing. */
  extra?: Uint8Array;
};

const HEADER = "c2sp.org/tlog-proof@v1";
/** No tree of 2^53 leaves is deeper. */
const DEEPEST = 53;
const LONGEST_EXTRA = 64 * 1024;

export function formatTlogProof({ index, hashes, checkpoint, extra }: TlogProof): string {
  if (!isSize(index) || !hashes.every(isHash))
    throw new MerkleError("out-of-range", "a proof has an index and hashes");
  const lines = [HEADER, ...(extra === undefined ? [] : [`extra ${toBase64(extra)}`]), `index ${index}`];
  return `${[...lines, ...hashes.map(toBase64)].join("\n")}\n\n${checkpoint}`;
}

export function parseTlogProof(text: string): TlogProof | undefined {
  const split = text.indexOf("\n\n");
  if (split < 0) return undefined;
  const [header, ...lines] = text.slice(0, split).split("\n");
  if (header !== HEADER || lines.length > DEEPEST + 2) return undefined;
  const extra = lines[0]?.startsWith("extra ") ? fromBase64(lines.shift()?.slice(6) ?? "") : new Uint8Array();
  const [, digits] = /^index (0|[1-9][0-9]{0,15})$/.exec(lines.shift() ?? "") ?? [];
  const index = Number(digits ?? Number.NaN);
  const hashes = lines.map(fromBase64);
  if (extra === undefined || extra.length > LONGEST_EXTRA || !isSize(index)) return undefined;
  if (hashes.length > DEEPEST || !hashes.every(isHash)) return undefined;
  return { index, hashes, checkpoint: text.slice(split + 2), ...(extra.length > 0 && { extra }) };
}
