import ipaddr from "ipaddr.js";

const MINUTE_MS = 60_000;
/** Somebody who mistypes, and all who do so behind one address, stay far below it. */
const MOST_A_MINUTE = 600;
const MOST_REMEMBERED = 10_000;
/** Whoever has one IPv6 address has all of its network. */
const NETWORK_BITS = 64;

/** How often credentials from an address turned out to be nobody's: beyond a bound they are refused without a look. */
export class FailedLooks {
  readonly #most: number;
  readonly #byNetwork = new Map<string, { until: number; times: number }>();

  constructor(most = MOST_A_MINUTE) {
    this.#most = most;
  }

  /** Whether credentials from there are looked up at all. */
  mayLook(address: string, now = Date.now()): boolean {
    const known = this.#byNetwork.get(networkOf(address));
    return known === undefined || known.until <= now || known.times < this.#most;
  }

  note(address: string, now = Date.now()): void {
    const network = networkOf(address);
    const known = this.#byNetwork.get(network);
    if (known !== undefined && known.until > now) {
      known.times += 1;
      return;
    }
    this.#byNetwork.delete(network);
    if (this.#byNetwork.size >= MOST_REMEMBERED)
      this.#byNetwork.delete(this.#byNetwork.keys().next().value ?? "");
    this.#byNetwork.set(network, { until: now + MINUTE_MS, times: 1 });
  }
}

function networkOf(address: string): string {
  if (!ipaddr.IPv6.isValid(address)) return address;
  const parsed = ipaddr.IPv6.parse(address);
  if (parsed.isIPv4MappedAddress()) return parsed.toIPv4Address().toString();
  return parsed
    .toByteArray()
    .slice(0, NETWORK_BITS / 8)
    .join(".");
}
