import { createHmac } from "node:crypto";
import { MerkleError } from "./error.ts";
import { commitmentHash, HASH_SIZE, sameHash } from "./hash.ts";

/**
 * A leaf of named fields that can be opened one by one. Integers are big-endian, text is UTF-8.
 *
 *   commitment = SHA-256( 0x02 ‖ salt [32] ‖ length of name [2] ‖ name ‖ value )
 *   leaf data  = 0x01 (version) ‖ number of fields [2] ‖ for each field, in ascending order of its name's
 *                bytes: length of name [2] ‖ name ‖ commitment [32]
 *
 * The tree's leaf is `leafHash(leaf data)`. Names stand in the clear, and each may occur only once: otherwise
 * a log could commit to two values of one field and open another to each receiver. Names therefore must not
 * carry content; number them where there are many ("recipient-1"). Only hashes are published: the data of a
 * leaf goes to those who hold a field of it.
 */
const VERSION = 0x01;
const SALT_SIZE = 32;
const MAX_U16 = 0xffff;

/** What a receiver is handed to open one field. */
export type Opening = { name: string; value: string; salt: Uint8Array };

/** Builds the data of a leaf. Each salt must be secret, random and used for one field of one leaf only. */
export function commitLeaf(
  fields: Readonly<Record<string, string>>,
  saltOf: (name: string) => Uint8Array,
): Uint8Array {
  const sorted = Object.entries(fields)
    .map(([name, value]) => ({
      name: encodeName(name),
      commitment: commitField({ name, value, salt: saltOf(name) }),
    }))
    .sort((a, b) => Buffer.compare(a.name, b.name));
  if (sorted.length > MAX_U16) throw new MerkleError("bad-field", "a leaf holds at most 65,535 fields");
  const parts = sorted.flatMap(({ name, commitment }) => [u16(name.length), name, commitment]);
  return new Uint8Array(Buffer.concat([Uint8Array.of(VERSION), u16(sorted.length), ...parts]));
}

/** Salts for all fields of one leaf out of one secret; handing out one of them betrays none of the others. */
export function fieldSalts(leafSecret: Uint8Array): (name: string) => Uint8Array {
  if (leafSecret.length < SALT_SIZE)
    throw new MerkleError("bad-salt", `a leaf's secret has ${SALT_SIZE} bytes`);
  return (name) => new Uint8Array(createHmac("sha256", leafSecret).update(encodeName(name)).digest());
}

/** Does this data of a leaf commit to this value under this name? False for anything malformed. */
export function opensLeaf(leafData: Uint8Array, opening: Opening): boolean {
  try {
    const wanted = encodeName(opening.name);
    const field = readFields(leafData)?.find(({ name }) => Buffer.compare(name, wanted) === 0);
    return field !== undefined && sameHash(field.commitment, commitField(opening));
  } catch {
    return false;
  }
}

function commitField({ name, value, salt }: Opening): Uint8Array {
  if (salt.length !== SALT_SIZE) throw new MerkleError("bad-salt", `a salt has ${SALT_SIZE} bytes`);
  const nameBytes = encodeName(name);
  return commitmentHash(salt, u16(nameBytes.length), nameBytes, encode(value));
}

/** The fields in their order, or `undefined` unless every byte is as `commitLeaf` would have written it. */
function readFields(data: Uint8Array): { name: Uint8Array; commitment: Uint8Array }[] | undefined {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (view.getUint8(0) !== VERSION) return undefined;
  const fields: { name: Uint8Array; commitment: Uint8Array }[] = [];
  let offset = 3;
  for (let left = view.getUint16(1); left > 0; left--) {
    const nameEnd = offset + 2 + view.getUint16(offset);
    const name = data.subarray(offset + 2, nameEnd);
    const previous = fields.at(-1);
    if (previous && Buffer.compare(previous.name, name) >= 0) return undefined;
    fields.push({ name, commitment: data.subarray(nameEnd, nameEnd + HASH_SIZE) });
    offset = nameEnd + HASH_SIZE;
  }
  return offset === data.length ? fields : undefined;
}

function encodeName(name: string): Uint8Array {
  const bytes = encode(name);
  if (bytes.length === 0 || bytes.length > MAX_U16) {
    throw new MerkleError("bad-field", "a field's name has 1 to 65,535 bytes");
  }
  return bytes;
}

/** Half a surrogate pair has no UTF-8: encoders write U+FFFD for it, and two texts would have one commitment. */
function encode(text: string): Uint8Array {
  if (!text.isWellFormed()) throw new MerkleError("bad-field", "text holds half a surrogate pair");
  return Buffer.from(text, "utf8");
}

function u16(value: number): Uint8Array {
  return Uint8Array.of(value >> 8, value & 0xff);
}
