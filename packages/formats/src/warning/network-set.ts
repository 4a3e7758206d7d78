import type { Network } from "./network.ts";

const FAMILIES = [4, 16] as const;

/** Networks of both families, 5 or 17 bytes each; a look-up halves those of its family. */
export class NetworkSet {
  readonly #families: readonly FamilySet[];

  constructor(networks: readonly Network[]) {
    this.#families = FAMILIES.map(
      (width) =>
        new FamilySet(
          width,
          networks.filter(({ start }) => start.length === width),
        ),
    );
  }

  /** Whether a network has an address in common with one of these. */
  overlaps(network: Network): boolean {
    return this.#families.some((family) => family.width === network.start.length && family.overlaps(network));
  }
}

/** Networks that hold one another are nested or apart: of nested ones the widest stays. */
class FamilySet {
  readonly width: number;
  readonly #starts: Buffer;
  readonly #bits: Uint8Array;
  readonly #count: number;

  constructor(width: number, networks: readonly Network[]) {
    this.width = width;
    // By their first addresses, of the same the wider before the narrower.
    const sorted = networks.map(({ start, bits }) => start + String.fromCharCode(bits)).sort();
    this.#starts = Buffer.alloc(sorted.length * width);
    this.#bits = new Uint8Array(sorted.length);
    let count = 0;
    for (const record of sorted) {
      const start = Buffer.from(record, "latin1");
      if (count > 0 && this.#holds(count - 1, start.subarray(0, width))) continue;
      start.copy(this.#starts, count * width, 0, width);
      this.#bits[count] = start[width] ?? 0;
      count += 1;
    }
    this.#count = count;
  }

  overlaps({ start, bits }: Network): boolean {
    const first = Buffer.from(start, "latin1");
    const after = this.#after(first);
    if (after > 0 && this.#holds(after - 1, first)) return true;
    return after < this.#count && agree(first, this.#startAt(after), bits);
  }

  /** Place of the first network that begins after an address. */
  #after(address: Buffer): number {
    let [low, high] = [0, this.#count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#startAt(middle).compare(address) > 0) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #holds(place: number, address: Buffer): boolean {
    return agree(this.#startAt(place), address, this.#bits[place] ?? 0);
  }

  #startAt(place: number): Buffer {
    return this.#starts.subarray(place * this.width, (place + 1) * this.width);
  }
}

/** Whether the first bits of two addresses are the same. */
function agree(one: Buffer, other: Buffer, bits: number): boolean {
  const whole = bits >>> 3;
  for (let place = 0; place < whole; place++) if (one[place] !== other[place]) return false;
  const rest = 0xff << (8 - (bits & 7));
  return ((one[whole] ?? 0) & rest & 0xff) === ((other[whole] ?? 0) & rest & 0xff);
}
