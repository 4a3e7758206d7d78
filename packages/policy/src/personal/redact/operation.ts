import type { Redaction } from "../../outcome.ts";
import type { PiiClass } from "../../personal-data.ts";

export type Operation = Redaction["op"];

/** One thing to do: at a place (a JSON pointer as findings have it), with one class of personal data. */
export type PersonalRedaction = { path: string; op: Operation; class: PiiClass };

/**
 * A realm's secrets, as functions: `hmac` must be keyed, `cryptopan` answers with an address, or with nothing for
 * what is none.
 */
export type RedactionKeys = {
  hmac: (text: string) => string;
  cryptopan: (ip: string) => string | undefined;
};

const STRENGTH: readonly Operation[] = ["cryptopan", "hmac", "mask", "drop"];

/** Of two things to do with the same the one that leaves less. */
export function stricterOperation(a: Operation, b: Operation): Operation {
  return STRENGTH.indexOf(a) > STRENGTH.indexOf(b) ? a : b;
}
