import { type CpeName, cpesMeet, plainProduct, readCpe } from "../cpe/match-cpe.ts";
import { scoId } from "../name/sco-id.ts";
import { type Network, networkOf, prefixOf } from "../observable/ip-address.ts";
import type { Asset } from "./asset.ts";
import type { AssetMarks } from "./asset-marks.ts";

/** Assets, arranged so that thousands of them are asked as fast as one. */
export type AssetSet = { meets(marks: AssetMarks): boolean };

export function assetSet(assets: readonly Asset[]): AssetSet {
  const valuesOf = (kind: Asset["kind"]) => assets.flatMap((one) => (one.kind === kind ? [one.value] : []));
  const networks = networkSet(valuesOf("network"));
  const domains = new Set(valuesOf("domain"));
  const systems = new Set(valuesOf("asn"));
  // §2.9: whoever names an autonomous system by its number gives it this id.
  const systemIds = new Set(
    [...systems].map((number) => scoId({ type: "autonomous-system", number: Number(number) })),
  );
  const products = productSet(valuesOf("product"));
  return {
    meets: (marks) =>
      marks.networks.some(networks) ||
      (domains.size > 0 && marks.hosts.some((host) => isAtOrBelow(domains, host))) ||
      marks.systems.some((number) => systems.has(number)) ||
      marks.systemIds.some((id) => systemIds.has(id)) ||
      marks.products.some(products),
  };
}

/** A network is met by what lies in it whole: one look for each length that any of them has. */
function networkSet(values: readonly string[]): (network: Network) => boolean {
  const lengths = { 8: new Set<number>(), 16: new Set<number>() };
  const known = { 8: new Set<string>(), 16: new Set<string>() };
  for (const value of values) {
    const network = networkOf(value);
    if (network === undefined) continue;
    const { width, bits, ...rest } = unmapped(network);
    lengths[width].add(bits);
    known[width].add(prefixOf({ width, bits, ...rest }, bits));
  }
  return (given) => {
    const network = unmapped(given);
    const { width } = network;
    for (const bits of lengths[width])
      if (bits <= network.bits && known[width].has(prefixOf(network, bits))) return true;
    return false;
  };
}

/** `::ffff:192.0.2.1` is that IPv4 address (RFC 4291 §2.5.5.2). */
function unmapped(network: Network): Network {
  const { groups, width, bits } = network;
  const isMapped =
    width === 16 && bits >= 96 && groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0);
  if (!isMapped) return network;
  const [high = 0, low = 0] = groups.slice(6);
  return { groups: [high >> 8, high & 255, low >> 8, low & 255], width: 8, bits: bits - 96 };
}

function productSet(values: readonly string[]): (product: CpeName) => boolean {
  const byProduct = new Map<string, CpeName[]>();
  const all: CpeName[] = [];
  const open: CpeName[] = [];
  for (const value of values) {
    const name = readCpe(value);
    if (name === undefined) continue;
    const product = plainProduct(name);
    all.push(name);
    if (product === undefined) open.push(name);
    else if (byProduct.get(product)?.push(name) === undefined) byProduct.set(product, [name]);
  }
  return (given) => {
    const product = plainProduct(given);
    const some = product === undefined ? all : [...(byProduct.get(product) ?? []), ...open];
    return some.some((name) => cpesMeet(name, given));
  };
}

/** A domain is met by itself and by what lies below it. */
function isAtOrBelow(domains: ReadonlySet<string>, host: string): boolean {
  for (let rest = host; ; ) {
    if (domains.has(rest)) return true;
    const dot = rest.indexOf(".");
    if (dot < 0) return false;
    rest = rest.slice(dot + 1);
  }
}
