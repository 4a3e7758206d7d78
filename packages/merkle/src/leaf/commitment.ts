import { isText } from "../base64.ts";
import { MerkleError } from "../error.ts";
import { HASH_SIZE, requireHash, sha256, sha256Into } from "../hash.ts";

/**
 * What an entry commits to, in six groups that are opened one by one. Integers are big-endian, text is UTF-8.
 *
 *   group commitment = SHA-256( 0x03 ‖ salt [32] ‖ length of name [2] ‖ name ‖ value )
 *   commitment       = SHA-256( 0x02 ‖ for each group, in order of name: length of name [2] ‖ name ‖
 *                               group commitment [32] )
 *
 * All six stand in every commitment, under their names and in one order: a log cannot commit to two values of a
 * group and open another to each receiver, and which groups an entry has tells nobody anything. A value is an
 * opaque text (canonical JSON, see `group-values.ts`). Who is given a group's value and salt learns nothing about
 * the other groups, whose commitments it needs to work out the whole.
 */
export const GROUP_NAMES = ["by", "from", "rules", "sent", "to", "why"] as const;
export type GroupName = (typeof GROUP_NAMES)[number];

/** What a receiver is handed to open one group. Each salt is secret, random, and used for one group only. */
export type Opening = { readonly value: string; readonly salt: Uint8Array };

const GROUP_PREFIX = 0x03;
const COMMITMENT_PREFIX = 0x02;
const SALT_SIZE = 32;

/** To be kept by callers whose groups recur: the commitment of one is as good as its value and salt. */
export function groupCommitment(name: GroupName, opening: Opening): Uint8Array {
  return sha256(groupInput(name, opening));
}

/** What is hashed of a group, but for salt and value; `value` is what was written last, which often comes again. */
type Input = { bytes: Buffer; valueAt: number; value: string; end: number };

const MOST_KEPT = 2_048;

const inputs = Object.fromEntries(GROUP_NAMES.map((name) => [name, inputFor(name, MOST_KEPT)])) as Record<
  GroupName,
  Input
>;

function inputFor(name: GroupName, size: number): Input {
  const head = Buffer.concat([
    Buffer.alloc(1 + SALT_SIZE, GROUP_PREFIX),
    Buffer.of(0, name.length),
    Buffer.from(name),
  ]);
  const bytes = Buffer.alloc(head.length + size);
  bytes.set(head);
  return { bytes, valueAt: head.length, value: "", end: head.length };
}

/** To be read before the next of the same group is asked for. */
function groupInput(name: GroupName, { value, salt }: Opening): Uint8Array {
  if (salt.length !== SALT_SIZE) throw new MerkleError("bad-salt", `a salt has ${SALT_SIZE} bytes`);
  // A unit takes three bytes of UTF-8 at most.
  const isShort = value.length * 3 <= MOST_KEPT;
  const input = isShort ? inputs[name] : inputFor(name, value.length * 3);
  if (input.value !== value) {
    if (!isText(value)) throw new MerkleError("bad-field", "text holds half a surrogate pair");
    input.end = input.valueAt + input.bytes.write(value, input.valueAt);
    input.value = value;
  }
  input.bytes.set(salt, 1);
  return input.bytes.subarray(0, input.end);
}

/** The commitment of an entry, out of what opens its groups or, where that is at hand, their commitments. */
export function commitGroups(groups: Readonly<Record<GroupName, Opening | Uint8Array>>): Uint8Array {
  for (const { name, at } of places) {
    const group = groups[name];
    if (group instanceof Uint8Array) layout.set(requireHash(group), at);
    else sha256Into(groupInput(name, group), layout, at);
  }
  return sha256(layout);
}

/** The groups of which entries have their own. */
type OwnGroups = { readonly from: Opening; readonly sent: Opening };
type SharedGroups = Readonly<Record<Exclude<GroupName, keyof OwnGroups>, Uint8Array>>;

/** The same for many entries that share four groups: of each what is its own is put between these. */
export function committer(shared: SharedGroups): (own: OwnGroups) => Uint8Array {
  const input = Buffer.from(layout);
  for (const { name, at } of places)
    if (name !== "from" && name !== "sent") input.set(requireHash(shared[name]), at);
  return ({ from, sent }) => {
    sha256Into(groupInput("from", from), input, placeOf.from);
    sha256Into(groupInput("sent", sent), input, placeOf.sent);
    return sha256(input);
  };
}

/** The input of the commitment's hash, with the names in their places; the commitments are written over. */
const { layout, places } = layOut();
const placeOf = Object.fromEntries(places.map(({ name, at }) => [name, at])) as Record<GroupName, number>;

function layOut(): { layout: Buffer; places: { name: GroupName; at: number }[] } {
  const parts: Uint8Array[] = [Buffer.of(COMMITMENT_PREFIX)];
  const places = GROUP_NAMES.map((name) => {
    parts.push(Buffer.of(0, name.length), Buffer.from(name));
    const at = parts.reduce((sum, part) => sum + part.length, 0);
    parts.push(new Uint8Array(HASH_SIZE));
    return { name, at };
  });
  return { layout: Buffer.concat(parts), places };
}
