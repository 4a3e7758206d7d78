/**
 * Numbers that are no person's: URLs and paths of hosts, hashes, UUIDs, CVE ids, times, versions, MAC and IP addresses, and our own
 * markers. Filled up with a unit that no detector takes for part of a number, that no folded text has of itself, and
 * that leaves a text in ASCII one.
 *
 * Every form begins at a boundary and is bounded, or consumes what it has looked at: linear time. It stands beside signs of which all
 * that it fits has one; without signs it may have any.
 */
type Form = readonly [signs: string, form: RegExp];
const PLACES: readonly Form[] = [
  ["/", /(?<![a-z0-9])[a-z][a-z0-9+.-]{1,15}:\/\/[!#-;=?-~]+/],
  ["/", /(?<![a-z0-9.@-])[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,8}\.[a-z]{2,24}(?::\d{1,5})?\/[!#-;=?-~]*/],
];
const NUMBERS: readonly Form[] = [
  ["", /(?<![a-z0-9])(?=[0-9]{0,40}[a-f])[0-9a-f]{32,128}(?![a-z0-9])/],
  ["-", /(?<![0-9a-f-])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![0-9a-f-])/],
  ["-", /(?<![a-z0-9])cve-\d{4}-\d{4,12}/],
  [":-", /(?<![0-9a-f:-])[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}(?![0-9a-f:-])/],
  [
    "-/.",
    /(?<![\d.-])(?:19|20)\d{2}[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\d|3[01])(?![\d./-])(?:[t ]{1,2}\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)?/,
  ],
  ["-/.", /(?<![\d./-])(?:0?[1-9]|[12]\d|3[01])[-/.](?:0?[1-9]|[12]\d|3[01])[-/.](?:19|20)\d{2}(?![\d./-])/],
  [
    ".",
    /(?<![\d.])(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}(?![\d.]*\d)(?:[/:]\d{1,5})?/,
  ],
  [".", /(?<![\d.+(])(?:0|[1-9]\d{0,4})(?:\.\d{1,5}){3,5}(?![\d.]*\d)/],
  [
    ":",
    /(?<![0-9a-z:])(?=[0-9a-f]{0,4}:[0-9a-f:]{3,40}(?![0-9a-z]))[0-9a-f]{0,4}(?::{1,2}[0-9a-f]{1,4}){2,7}(?:::)?/,
  ],
  ["[", /\[(?:email|phone|person|account|passport|national id|ip address|unlisted) (?:removed|[a-p]{20})\]/],
  ["-", /(?<![a-z0-9])ip-[0-9a-f]{1,4}(?:-[0-9a-f]{1,4}){3,7}\.invalid/],
];

const SIGNS = "/:-.[";
const technicalForms = beside([...PLACES, ...NUMBERS]);
const numberForms = beside(NUMBERS);

export function withoutTechnical(text: string): string {
  return text.replace(technicalForms(text), filled);
}

/** Where URLs and paths are what is looked through. */
export function withoutTechnicalNumbers(text: string): string {
  return text.replace(numberForms(text), filled);
}

/** What no folded text has. */
export const FILLER = "\x7f";

function filled(match: string): string {
  return FILLER.repeat(match.length);
}

/** By which of the signs a text has: what cannot be in it is not looked for at every letter. */
function beside(forms: readonly Form[]): (text: string) => RegExp {
  const joined = new Map<string, RegExp>();
  return (text) => {
    let held = "";
    for (const sign of SIGNS) if (text.includes(sign)) held += sign;
    const form = joined.get(held) ?? formsWith(forms, held);
    joined.set(held, form);
    return form;
  };
}

/** In the same order: of two that fit at one place the first counts. */
function formsWith(forms: readonly Form[], held: string): RegExp {
  const possible = forms.filter(([signs]) => signs === "" || [...signs].some((sign) => held.includes(sign)));
  return new RegExp(possible.map(([, { source }]) => source).join("|"), "g");
}
