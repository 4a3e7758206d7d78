import { Pap, Tlp } from "@suar/stix";
import { z } from "zod";
import { ContentClass } from "../content-class.ts";
import { purposesOf } from "../limits.ts";
import { PiiClass } from "../personal-data.ts";
import { type Organisation, Purpose, RecipientKind, type Subject } from "../subject.ts";

export const BasisKind = z.enum(["none", "asean-mcc", "china-scc", "security-assessment", "other-contract"]);
export type BasisKind = z.infer<typeof BasisKind>;

export const BasisStatus = z.enum(["none", "draft", "signed", "expired", "suspended"]);
export type BasisStatus = z.infer<typeof BasisStatus>;

const MOST_CHOICES = 32;
const Word = z.string().min(1).max(128);

function anyOf<Item extends z.ZodType<string>>(item: Item) {
  return z.array(item).min(1).max(MOST_CHOICES);
}

/**
 * When a rule speaks: the closed vocabulary. All that stands in a condition must hold; of a list, any one. Markings
 * are compared with "at least" only, and personal data by what was found: a stricter marking, a further label or a
 * further finding can make a rule speak and never silences it. There is no "not", and never code.
 */
export const Condition = z.strictObject({
  contentClass: anyOf(ContentClass).optional(),
  type: anyOf(Word).optional(),
  tlp: z.strictObject({ atLeast: Tlp }).optional(),
  pap: z.strictObject({ atLeast: Pap }).optional(),
  pii: z.union([z.literal("any"), anyOf(PiiClass)]).optional(),
  basisStatus: anyOf(BasisStatus).optional(),
  basisKind: anyOf(BasisKind).optional(),
  purpose: anyOf(Purpose).optional(),
  sector: anyOf(Word).optional(),
  label: anyOf(Word).optional(),
  recipient: anyOf(RecipientKind).optional(),
  /** Recipients that are not party to this agreement. */
  lacksAgreement: Word.optional(),
  /** How many people's data went from exporter to importer this year. */
  individualsYtd: z.strictObject({ gte: z.int().nonnegative() }).optional(),
  /** Whether the originator named this very recipient. */
  named: z.boolean().optional(),
  /** Whether the recipient stands behind another member's CERT. */
  onward: z.boolean().optional(),
});
export type Condition = z.infer<typeof Condition>;

/** What is true of one object on its way over one border. */
export type Crossing = {
  subject: Subject;
  recipient: Organisation;
  named: boolean;
  onward: boolean;
  basisStatus: BasisStatus;
  basisKind: BasisKind;
  exporter: string;
  importer: string;
  /** How many people's data went from the one to the other this year. */
  individualsYtd: (exporter: string, importer: string) => number;
};

export type Test = (crossing: Crossing) => boolean;
type Tests = { [Name in keyof Condition]-?: (wanted: NonNullable<Condition[Name]>) => Test };

/** One test for each word of the vocabulary: a word without one does not compile. */
const TESTS: Tests = {
  contentClass: (wanted) => oneOf(wanted, ({ subject }) => subject.contentClass),
  type: (wanted) => oneOf(wanted, ({ subject }) => subject.type),
  tlp: ({ atLeast }) => oneOf(from(Tlp.options, atLeast), ({ subject }) => subject.tlp),
  // Who marks nothing permits everything.
  pap: ({ atLeast }) => oneOf(from(Pap.options, atLeast), ({ subject }) => subject.pap ?? "clear"),
  pii: (wanted) =>
    wanted === "any"
      ? ({ subject }) => subject.findings.length > 0
      : ({ subject }) => subject.findings.some((finding) => wanted.includes(finding.class)),
  basisStatus: (wanted) => oneOf(wanted, ({ basisStatus }) => basisStatus),
  basisKind: (wanted) => oneOf(wanted, ({ basisKind }) => basisKind),
  purpose: (wanted) => someOf(wanted, ({ subject }) => purposesOf(subject)),
  sector: (wanted) => someOf(wanted, ({ subject }) => subject.sectors),
  label: (wanted) => someOf(wanted, ({ subject }) => subject.labels),
  recipient: (wanted) => oneOf(wanted, ({ recipient }) => recipient.kind),
  lacksAgreement:
    (wanted) =>
    ({ recipient }) =>
      recipient.agreements?.includes(wanted) !== true,
  individualsYtd:
    ({ gte }) =>
    ({ individualsYtd, exporter, importer }) =>
      !(individualsYtd(exporter, importer) < gte),
  named:
    (wanted) =>
    ({ named }) =>
      named === wanted,
  onward:
    (wanted) =>
    ({ onward }) =>
      onward === wanted,
};

/** The tests of a condition but for those that the caller answers otherwise. */
export function testsOf(condition: Condition, except: readonly (keyof Condition)[] = []): readonly Test[] {
  return (Object.keys(TESTS) as (keyof Condition)[]).flatMap((name) =>
    except.includes(name) ? [] : (testOf(name, condition) ?? []),
  );
}

function testOf<Name extends keyof Condition>(name: Name, condition: Condition): Test | undefined {
  const wanted = condition[name];
  const make = TESTS[name] as (wanted: Condition[Name]) => Test;
  return wanted === undefined ? undefined : make(wanted);
}

function oneOf<Value extends string>(wanted: readonly Value[], read: (crossing: Crossing) => Value): Test {
  return (crossing) => wanted.includes(read(crossing));
}

function someOf(
  wanted: readonly string[],
  read: (crossing: Crossing) => readonly string[] | undefined,
): Test {
  return (crossing) => read(crossing)?.some((value) => wanted.includes(value)) === true;
}

/** The levels from one on: `options` run from the mildest to the strictest. */
function from<Level>(options: readonly Level[], level: Level): readonly Level[] {
  return options.slice(options.indexOf(level));
}
