import type { Redaction } from "../../outcome.ts";

/** One thing to do: at a place (a JSON pointer as findings have it), with one class of personal data. */
export type PersonalRedaction = Redaction;

/**
 * A realm's secrets, as functions: `hmac` must be keyed, `cryptopan` answers with an address, or with nothing for
 * what is none.
 */
export type RedactionKeys = {
  hmac: (text: string) => string;
  cryptopan: (ip: string) => string | undefined;
};
