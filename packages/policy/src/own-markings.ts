import { type Pap, stricterPap, stricterTlp, type Tlp } from "@suar/stix";
import type { Markings } from "./inheritance.ts";

type Given = { tlp?: Tlp | undefined; pap?: Pap | undefined };

/**
 * The markings of an object that nothing contains: the stricter of its own and those given for the whole
 * submission. None at all stays absent: an unmarked object is refused, never given a default of ours.
 */
export function ownMarkings(own: Given, submissionDefault: Given): Markings {
  const tlp = stricterOf(stricterTlp, own.tlp, submissionDefault.tlp);
  const pap = stricterOf(stricterPap, own.pap, submissionDefault.pap);
  return { ...(tlp && { tlp }), ...(pap && { pap }) };
}

function stricterOf<Level>(
  stricter: (a: Level, b: Level) => Level,
  a: Level | undefined,
  b: Level | undefined,
): Level | undefined {
  return a === undefined || b === undefined ? (a ?? b) : stricter(a, b);
}
