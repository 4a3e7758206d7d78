/**
 * Policy: who may see an object, and after which changes.
 *
 * The gate asks one question for each object and each recipient organisation, and `decide` answers it with
 * an outcome: withheld or not, who must approve first, what must be redacted, and why. Everything here is a
 * pure function of its arguments, so the whole decision table is enumerated in a test against an oracle that
 * was written separately.
 *
 * Invariants
 * - Default deny. A recipient sees an object only if some rule permits it and no rule withholds it.
 * - All rules run, in any order, to the same result. Outcomes are joined component by component, and a join
 *   never loosens: approval does not lose a redaction, a permission does not undo a withholding.
 * - A rule that throws withholds; so does a marking or a kind of recipient that nobody has heard of.
 * - TLP 2.0 is an audience, not a number. Strictness is compared only to inherit markings from containers.
 * - The outcome's key leaves the reasons out: recipients that get the same copy share it, even if one is
 *   named and the other is a client of one that is.
 *
 * The list in `rules.ts` is where rules about pairs of jurisdictions and about personal data take their place.
 *
 * - Personal data (`personal/`): `findPersonalData` looks at every text of an object and names what the allow-list of
 *   its type does not; `redactObject` leaves nothing of it that would be found again (docs/personal-data.md).
 *
 * It must not import anything but `@suar/stix`, zod, libphonenumber-js and Node's own ciphers: no clock, no
 * database, no network, no environment.
 */
export {
  type Audience,
  type AudiencePart,
  audienceFor,
  audienceMemo,
  type Decider,
  subjectKey,
} from "./audience.ts";
export { classify } from "./classify.ts";
export { ContentClass } from "./content-class.ts";
export { type DecisionContext, decide } from "./decide.ts";
export { decideByMarking } from "./decide-by-marking.ts";
export {
  type DecidedInput,
  type DecisionChange,
  type DecisionDiff,
  diffDecisions,
} from "./diff-decisions.ts";
export {
  type BrokenReference,
  brokenReferences,
  ComparativeGuide,
  GuideEntry,
  RuleReference,
} from "./guide/comparative-guide.ts";
export { type ReadableGuide, type ReadableRule, readableGuide } from "./guide/readable-guide.ts";
export { effectiveMarkings, type MarkingNode, type Markings } from "./inheritance.ts";
export {
  BasisUse,
  Decision,
  individualsCrossing,
  joinOutcomes,
  Outcome,
  outcomeKey,
  PiiCount,
  Redaction,
} from "./outcome.ts";
export { ownMarkings } from "./own-markings.ts";
export { type ChangeRefusal, changePolicy, type PolicyChange } from "./pairs/change-policy.ts";
export type { CompiledPair, Standing } from "./pairs/compiled-pair.ts";
export { BasisKind, BasisStatus, Condition } from "./pairs/condition.ts";
export { ALL_PAIRS, Importer, Member } from "./pairs/jurisdiction.ts";
export { Operation, Operations, stricterOperation } from "./pairs/operation.ts";
export {
  Approver,
  Obligation,
  PairPolicy,
  PairRule,
  pairName,
  policyBytes,
  policyHash,
} from "./pairs/pair-policy.ts";
export {
  loadPolicySet,
  PolicyIndex,
  type PolicySet,
  pairOf,
  policiesOf,
  policySet,
  type StandingPolicy,
  withPolicy,
} from "./pairs/policy-set.ts";
export {
  isSignedBy,
  type KeysOf,
  PolicyKey,
  PolicySignature,
  partiesOf,
  type SignatureRefusal,
  signPolicy,
  verifyPolicy,
} from "./pairs/sign-policy.ts";
export type { PersonalContext } from "./personal/allow/shape.ts";
export { findPersonalData } from "./personal/find-personal-data.ts";
export { findVictims } from "./personal/find-victims.ts";
export { cryptopan } from "./personal/redact/cryptopan.ts";
export type { PersonalRedaction, RedactionKeys } from "./personal/redact/operation.ts";
export { redactObject } from "./personal/redact/redact-object.ts";
export { PiiClass, PiiFinding } from "./personal-data.ts";
export { Reason, ReasonCode } from "./reason.ts";
export type { Finding, Rule } from "./rule.ts";
export { RULES } from "./rules.ts";
export { MarkedSubject, Organisation, PUBLIC, Purpose, RecipientKind, Subject } from "./subject.ts";
