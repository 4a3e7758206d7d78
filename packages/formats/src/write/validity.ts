import { type Pap, parsePap, type StixObject, stricterPap } from "@suar/stix";

/** Where an object stands in its time. A time that cannot be read has not begun, and is over. */
export type Validity = "not-yet" | "current" | "over";

/** STIX 2.1 §3.2 `revoked`; §4.7.1: `valid_until` is the first moment at which an indicator is valid no more. */
export function validityOf(object: StixObject, now: number): Validity {
  if (object.revoked === true) return "over";
  const { valid_from: from, valid_until: until } = object;
  if (until !== undefined && !(timeOf(until) > now)) return "over";
  return from !== undefined && !(timeOf(from) <= now) ? "not-yet" : "current";
}

function timeOf(value: unknown): number {
  return typeof value === "string" ? Date.parse(value) : Number.NaN;
}

const SAYS_PAP = /^\s*pap[\s:_=-]/i;

/** The strictest of what it was released under and what its labels say; a label that is not known is the strictest. */
export function papOf(labels: unknown, released: Pap | undefined): Pap | undefined {
  const said = Array.isArray(labels)
    ? labels
        .filter(
          (label): label is string => typeof label === "string" && SAYS_PAP.test(label.normalize("NFKC")),
        )
        .map((label) => parsePap(label) ?? "red")
    : [];
  return [...said, ...(released === undefined ? [] : [released])].reduce<Pap | undefined>(
    (strictest, pap) => (strictest === undefined ? pap : stricterPap(strictest, pap)),
    undefined,
  );
}
