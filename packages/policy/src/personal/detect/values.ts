import { type FoldedText, type Range, replaceFolded } from "../text/fold.ts";
import { findLabelledIps, findLabelledValues } from "./labelled-values.ts";
import { findLetteredIds } from "./lettered-ids.ts";
import { findCertainIds } from "./national-ids.ts";
import { hasNumber, type NumberChain, numberChains } from "./number-chain.ts";
import { findPlainValues } from "./plain-values.ts";
import type { Span } from "./span.ts";
import { FILLER, withoutTechnicalNumbers } from "./technical.ts";
import { mayHaveIp } from "./victim-ips.ts";

const NONE: readonly Span[] = [];
/** A hash, or any other name in one piece: what stands in it stands alone nowhere. */
const ONE_PIECE = /^[0-9a-z]{19,}$/;

/** RFC 3986 §2.1, be it encoded twice: what separates numbers and their names, as URLs have to write it. */
const ENCODED = /%(?:25){0,2}(?:2[0-9a-f]|3[a-f]|5[b-f]|7[b-e])/g;

/** Separators in a value as they are meant. */
export function decodeSeparators(folded: FoldedText): FoldedText {
  if (!folded.text.includes("%")) return folded;
  return replaceFolded(folded, ENCODED, (form) => String.fromCharCode(Number.parseInt(form.slice(-2), 16)));
}

/** Numbers of people in a technical value, be it within a text: each has evidence of its own. `known`: its chains. */
export function findInValues(text: string, known?: readonly NumberChain[]): readonly Span[] {
  const ips = mayHaveIp(text) ? findLabelledIps(text) : NONE;
  if (!hasNumber(text) || ONE_PIECE.test(text)) return ips;
  const chains = known ?? numberChains(text);
  const isNobodys = technicalIn(text);
  return [
    ...ips,
    ...findLetteredIds(text),
    ...findCertainIds(text, chains),
    ...findLabelledValues(text, chains, isNobodys),
    ...findPlainValues(text, chains, isNobodys),
  ];
}

/** Dear, and asked only of what looks like somebody's. */
function technicalIn(text: string): (range: Range) => boolean {
  let masked: string | undefined;
  return ({ start, end }) => {
    masked ??= withoutTechnicalNumbers(text);
    return masked.slice(start, end).includes(FILLER);
  };
}
