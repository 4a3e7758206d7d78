import { createHash } from "node:crypto";

/** A collection of MISP that is planned in several portions: of each event half of the attributes are no values. */
export const EVENTS = 5;
const GOOD = 1_400;
const BAD = 1_400;
/** A record an event and an attribute; two early events and the last one name addresses that the last one marks stricter. */
export const RECORDS = EVENTS * (1 + GOOD + BAD) + 4;
export const REJECTED = EVENTS * BAD;

/** Addresses of a collection that are for its member's own organisation: of its first portion, and of its second. */
export const SHARED = (name: string): [string, string] => {
  const place = 2 * (Buffer.from(name).reduce((sum, byte) => sum + byte, 0) % 100);
  return [`198.51.100.${place}`, `198.51.100.${place + 1}`];
};

export function collection(name: string): string {
  const response = Array.from({ length: EVENTS }, (_, n) => event(`${name}-${n}`, name, n));
  return JSON.stringify({ response });
}

function event(own: string, name: string, n: number): object {
  const isLast = n === EVENTS - 1;
  const [first, second] = SHARED(name);
  const addresses = isLast ? [first, second] : n === 0 ? [first] : n === 2 ? [second] : [];
  const shared = addresses.map((address) => attribute(own, "ip-dst", address));
  const good = Array.from({ length: GOOD }, (_, at) => attribute(own, "domain", `d${at}.${own}.example.com`));
  const bad = Array.from({ length: BAD }, (_, at) => attribute(own, "ip-dst", `no address ${at}`));
  const Tag = [{ name: isLast ? "tlp:amber+strict" : "tlp:green" }];
  return { Event: { uuid: uuid(own), info: own, Tag, Attribute: [...shared, ...good, ...bad] } };
}

const attribute = (own: string, type: string, value: string) => ({
  uuid: uuid(`${own}/${value}`),
  type,
  category: "Network activity",
  to_ids: type === "domain",
  value,
});

function uuid(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
