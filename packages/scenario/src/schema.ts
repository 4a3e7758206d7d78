import { Tlp } from "@suar/stix";
import { z } from "zod";
import { Duration } from "./duration.ts";

const Id = z.string().regex(/^[\w-]{1,64}$/, "expected 1 to 64 letters, digits, - or _");
const MemberCode = z.string().regex(/^[A-Z]{2}$/, "expected a member's code such as SG");
const OrganisationCode = z
  .string()
  .regex(/^[A-Z]{2}(:[a-z0-9-]+)?$/, "expected a code such as SG or SG:csa-bank");
/** One text in several languages, by language code. */
const Texts = z
  .record(z.string().regex(/^[a-z]{2,3}$/, "expected a language code such as en"), z.string().min(1))
  .refine((texts) => Object.keys(texts).length > 0, "expected a text in at least one language");
/** Scenarios are written by hand, and TLP is printed in capitals. */
const WrittenTlp = z.preprocess((value) => (typeof value === "string" ? value.toLowerCase() : value), Tlp);
const Match = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

type Keyed = Record<string, unknown>;

/**
 * A rule over several keys of one object. It runs although other keys are wrong, so that one reading of the
 * file reports everything.
 */
const always = (code: string, message: string) => ({
  message,
  params: { code },
  when: ({ value }: { value: unknown }) => typeof value === "object" && value !== null,
});
const has = (object: Keyed, key: string) => object[key] !== undefined;

/** What a player is expected to do: an event of the ordinary log, or a judgement by an evaluator. */
export const Expectation = z
  .strictObject({
    id: Id,
    obj: Id.optional(),
    on: z.string().min(1).optional(),
    by: MemberCode.optional(),
    match: Match.optional(),
    since: Id.optional(),
    within: Duration.optional(),
    never: z.boolean().optional(),
    grade: z.literal("manual").optional(),
    rubric: z.string().min(1).optional(),
    points: z.number().min(0).max(1000),
  })
  .refine(
    (value: Keyed) =>
      has(value, "grade")
        ? !has(value, "on") && has(value, "rubric")
        : has(value, "on") && has(value, "within"),
    always("unclear-expectation", "expected either `on` and `within`, or `grade: manual` and `rubric`"),
  );
export type Expectation = z.infer<typeof Expectation>;

/** What the inject submits in a member's name, through the same road as any report. */
export const TimedSubmission = z
  .strictObject({
    by: MemberCode,
    format: z.enum(["stix", "misp", "csv", "text", "incident"]),
    kind: z.literal("incident").optional(),
    tlp: WrittenTlp.optional(),
    to: z.array(OrganisationCode).optional(),
    content: z.union([z.string().min(1), z.record(z.string(), z.json())]),
  })
  .refine(
    ({ format, content }: Keyed) => !((format === "csv" || format === "text") && typeof content === "object"),
    always("content-not-text", "expected text as the content of csv and text"),
  );
export type TimedSubmission = z.infer<typeof TimedSubmission>;

export const Inject = z
  .strictObject({
    id: Id,
    at: Duration.optional(),
    after: z.strictObject({ inject: Id, delay: Duration }).optional(),
    when: z
      .strictObject({ on: z.string().min(1), by: MemberCode.optional(), match: Match.optional() })
      .optional(),
    else_at: Duration.optional(),
    to: z.array(MemberCode).min(1),
    from: z.strictObject({ role: z.string().min(1), via: z.string().min(1) }),
    body: Texts,
    files: z.array(z.string().min(1)).optional(),
    submit: TimedSubmission.optional(),
    expect: z.array(Expectation).default([]),
  })
  .refine(
    (inject: Keyed) => ["at", "after", "when"].filter((key) => has(inject, key)).length === 1,
    always("one-trigger", "expected exactly one of `at`, `after` and `when`"),
  )
  // Without `else_at` a player who never acts would stop the drill.
  .refine(
    (inject: Keyed) => has(inject, "when") === has(inject, "else_at"),
    always("when-needs-else", "expected `when` and `else_at` together"),
  );
export type Inject = z.infer<typeof Inject>;

export const Scenario = z.strictObject({
  drill: z.literal(1),
  id: z.uuid(),
  title: Texts,
  tlp: WrittenTlp,
  duration: Duration,
  clock: z.strictObject({ speed: z.number().positive().max(10_000), min_human: Duration }),
  objectives: z.record(Id, z.string().min(1)),
  participants: z.record(MemberCode, z.string().min(1)),
  injects: z.array(Inject).min(1),
});
export type Scenario = z.infer<typeof Scenario>;
