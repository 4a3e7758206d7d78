import { type CpeName, cpesMeet, plainProduct, plainVendor } from "../cpe/match-cpe.ts";

/** Products, of which only those are compared that may be the one that is asked for. */
export class ProductSet {
  readonly #byProduct = new Map<string, CpeName[]>();
  /** Those that leave the product open, or are a pattern of it. */
  readonly #open = new NamesByVendor();
  readonly #all = new NamesByVendor();

  add(name: CpeName): void {
    const product = plainProduct(name);
    this.#all.add(name);
    if (product === undefined) this.#open.add(name);
    else push(this.#byProduct, product, name);
  }

  meets(given: CpeName): boolean {
    const isMet = (name: CpeName): boolean => cpesMeet(name, given);
    const product = plainProduct(given);
    if (product === undefined) return this.#all.some(given, isMet);
    return (this.#byProduct.get(product)?.some(isMet) ?? false) || this.#open.some(given, isMet);
  }
}

class NamesByVendor {
  readonly #byVendor = new Map<string, CpeName[]>();
  readonly #open: CpeName[] = [];
  readonly #all: CpeName[] = [];

  add(name: CpeName): void {
    const vendor = plainVendor(name);
    this.#all.push(name);
    if (vendor === undefined) this.#open.push(name);
    else push(this.#byVendor, vendor, name);
  }

  /** Of those whose vendor may be that of the given one. */
  some(given: CpeName, test: (name: CpeName) => boolean): boolean {
    const vendor = plainVendor(given);
    if (vendor === undefined) return this.#all.some(test);
    return (this.#byVendor.get(vendor)?.some(test) ?? false) || this.#open.some(test);
  }
}

function push(lists: Map<string, CpeName[]>, key: string, name: CpeName): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [name]);
  else list.push(name);
}
