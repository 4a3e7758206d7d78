import type { VersionSize } from "../store/size.ts";

/** Versions that are read and decided together; `isWhole`: all that stand of their ids, else some of one id's. */
export type Part = { versions: readonly VersionSize[]; isWhole: boolean };

/** Of as many bytes at once; or of one version with its copies, whatever they come to. */
const MOST_BYTES = 4 * 1024 * 1024;
/** What is held of a version beside its bodies: so many versions of nothing are a part, too. */
const BESIDE = 16 * 1024;

/** In the order given, each part as large as it may be; the versions of an id come together. */
export function cutParts(sizes: readonly VersionSize[]): Part[] {
  const objects = Map.groupBy(sizes, ({ stix_id: id }) => id);
  const parts: Part[] = [];
  let together: VersionSize[] = [];
  const end = (): void => {
    if (together.length > 0) parts.push({ versions: together, isWhole: true });
    together = [];
  };
  for (const versions of objects.values()) {
    if (bytesOf(together) + bytesOf(versions) > MOST_BYTES) end();
    if (bytesOf(versions) <= MOST_BYTES || versions.length === 1) together.push(...versions);
    else parts.push(...cutPieces(versions, sizeOf).map((some) => ({ versions: some, isWhole: false })));
  }
  end();
  return parts;
}

/** Of ids in the order given those at the front that come to a part, one at least. What of them stands is of these sizes. */
export function withinPart(ids: readonly string[], sizes: readonly VersionSize[]): string[] {
  const objects = Map.groupBy(sizes, ({ stix_id: id }) => id);
  let sum = 0;
  const over = ids.findIndex((id, at) => {
    sum += bytesOf(objects.get(id) ?? []);
    return at > 0 && sum > MOST_BYTES;
  });
  return over === -1 ? [...ids] : ids.slice(0, over);
}

/** Cuts what is in order where so much of it would be written at once; each piece has one at least. */
export function cutPieces<T>(all: readonly T[], bytes: (one: T) => number): T[][] {
  const pieces: T[][] = [];
  let sum = Number.POSITIVE_INFINITY;
  for (const one of all) {
    const own = bytes(one);
    sum += own;
    if (sum <= MOST_BYTES) pieces.at(-1)?.push(one);
    else {
      pieces.push([one]);
      sum = own;
    }
  }
  return pieces;
}

function sizeOf({ bytes }: VersionSize): number {
  return bytes + BESIDE;
}

function bytesOf(versions: readonly VersionSize[]): number {
  return versions.reduce((sum, one) => sum + sizeOf(one), 0);
}
