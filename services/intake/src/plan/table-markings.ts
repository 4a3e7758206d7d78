import { type Markings, ownMarkings } from "@suar/policy";
import { Pap, Tlp } from "@suar/stix";
import type { StagedShape } from "../stage/staged-item.ts";

const FIRST_SIZE = 1_024;
const FULLEST = 0.5;
/** Hexadecimal digits of a UUID that a whole number holds: two of a million ids share them once in ten thousand tables. */
const DIGITS = 13;

/**
 * The strictest marking of each id that a table says, wherever in it: nine bytes an id, and nothing for rows that
 * say none of their own. Two ids that should share a place share the stricter, too.
 */
export class TableMarkings {
  #keys = new Float64Array(FIRST_SIZE);
  #codes = new Uint8Array(FIRST_SIZE);
  #count = 0;

  note({ id, tlp, pap, unknown }: Pick<StagedShape, "id" | "tlp" | "pap" | "unknown">): void {
    if (this.#count > this.#keys.length * FULLEST) this.#grow();
    const place = this.#placeOf(keyOf(id));
    if (this.#codes[place] === 0) this.#count += 1;
    this.#keys[place] = keyOf(id);
    this.#codes[place] = joined(this.#codes[place] ?? 0, codeOf({ tlp, pap }, unknown === true));
  }

  of(id: string): Markings {
    if (this.#count === 0) return {};
    return markingsOf(this.#codes[this.#placeOf(keyOf(id))] ?? 0);
  }

  /** Whether a row of it bears a marking that is not known. */
  isUnknown(id: string): boolean {
    if (this.#count === 0) return false;
    return ((this.#codes[this.#placeOf(keyOf(id))] ?? 0) & UNKNOWN) !== 0;
  }

  #placeOf(key: number): number {
    const { length } = this.#keys;
    let place = key % length;
    while (this.#codes[place] !== 0 && this.#keys[place] !== key) place = (place + 1) % length;
    return place;
  }

  #grow(): void {
    const [keys, codes] = [this.#keys, this.#codes];
    this.#keys = new Float64Array(keys.length * 2);
    this.#codes = new Uint8Array(codes.length * 2);
    for (const [at, code] of codes.entries()) {
      if (code === 0) continue;
      const place = this.#placeOf(keys[at] ?? 0);
      this.#keys[place] = keys[at] ?? 0;
      this.#codes[place] = code;
    }
  }
}

/** Three bits of TLP, three of PAP, one of being there, one of a marking that is not known. */
const THERE = 64;
const UNKNOWN = 128;

function codeOf({ tlp, pap }: { tlp?: Tlp | undefined; pap?: Pap | undefined }, unknown: boolean): number {
  const byTlp = tlp === undefined ? 0 : 1 + Tlp.options.indexOf(tlp);
  const byPap = pap === undefined ? 0 : 1 + Pap.options.indexOf(pap);
  return THERE | (unknown ? UNKNOWN : 0) | (byPap << 3) | byTlp;
}

function markingsOf(code: number): Markings {
  const tlp = Tlp.options[(code & 7) - 1];
  const pap = Pap.options[((code >> 3) & 7) - 1];
  return { ...(tlp && { tlp }), ...(pap && { pap }) };
}

function joined(a: number, b: number): number {
  if (a === 0) return b;
  return codeOf(ownMarkings(markingsOf(a), markingsOf(b)), ((a | b) & UNKNOWN) !== 0);
}

function keyOf(id: string): number {
  const uuid = id.slice(id.indexOf("--") + 2).replaceAll("-", "");
  return Number.parseInt(uuid.slice(0, DIGITS), 16);
}
