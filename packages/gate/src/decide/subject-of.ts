import { sectorsOf } from "@suar/log";
import {
  classify,
  findPersonalData,
  type Limits,
  type Organisation,
  type PersonalContext,
  type PiiFinding,
  type ReadWords,
  type Subject,
  type Victims,
} from "@suar/policy";
import type { Pap, StixObject, Tlp } from "@suar/stix";

/** What policy asks of an object beside its markings; worked out once for each, whoever may receive it. */
export type ObjectFacts = Pick<Subject, "type" | "contentClass" | "findings" | "labels" | "sectors">;

const NOTHING_KNOWN: PersonalContext = {};
const NO_FINDINGS: readonly PiiFinding[] = [];

/**
 * `victims`: what was stated to be a victim's of it, or in it. `asked`: the labels and sectors that some rule asks
 * for, where no others are wanted.
 */
export function factsOf(object: StixObject, victims: Victims | undefined, asked?: ReadWords): ObjectFacts {
  const findings = findPersonalData(object, personalContext(victims));
  const labels = among(textsOf(object.labels), asked?.labels);
  const sectors = among(sectorsOf(object), asked?.sectors);
  return {
    type: object.type,
    contentClass: classify(object),
    findings: findings.length === 0 ? NO_FINDINGS : findings,
    ...(labels.length > 0 && { labels }),
    ...(sectors.length > 0 && { sectors }),
  };
}

/** What personal data is looked for by. */
export function personalContext(victims: Victims | undefined): PersonalContext {
  return victims === undefined ? NOTHING_KNOWN : { victims: victims.names, named: victims.named };
}

function among(words: readonly string[], asked: ReadonlySet<string> | undefined): readonly string[] {
  return asked === undefined ? words : words.filter((word) => asked.has(word));
}

/** Under which marking and limits, by whom and for whom something is said. */
export type Saying = {
  tlp: Tlp;
  pap?: Pap | undefined;
  to: readonly string[];
  producer: Organisation;
  limits?: Limits | undefined;
};

export function subjectOf(
  facts: ObjectFacts,
  { tlp, pap, to, producer, limits }: Saying,
  ends?: readonly (readonly number[])[],
): Subject {
  return { ...facts, ...limits, tlp, ...(pap && { pap }), to, producer, ...(ends && { ends }) };
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
}
