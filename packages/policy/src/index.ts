/**
 * Policy: who may see an object, and after which changes.
 *
 * The gate asks one question for each object and each recipient organisation, and `decide` answers it with
 * an outcome: withheld or not, who must approve first, what must be redacted, and why. Everything here is a
 * pure function of its arguments, so the whole decision table is enumerated in a test against an oracle that
 * was written separately.
 *
 * Two things decide. Markings (`rules.ts`: TLP 2.0, those who are named, releasable-to, expiry) say who is in the
 * audience, within a jurisdiction as across borders. Policies of pairs (`pairs/`) say what may cross from one
 * jurisdiction to another, after whose approval, and with what taken out: data in a closed vocabulary, one file for each
 * ordered pair, signed by both members. The comparative guide (`guide/`) says which clauses the rules stand on.
 *
 * Invariants
 * - Default deny. A recipient sees an object only if some rule permits it and no rule withholds it; across a border
 *   only if the pair's policy allows its class, too.
 * - All rules run, in any order, to the same result. Outcomes are joined component by component, and a join
 *   never loosens: approval does not lose a redaction, a permission does not undo a withholding. A rule of a pair can
 *   only restrict, so that neither party's loosens the other's.
 * - A rule that throws withholds; so does a marking, a class, a kind of recipient or of personal data that nobody has
 *   heard of, a pair without a policy, a policy or a basis out of its time, and a count that is no number.
 * - Nothing that is added widens: not a rule, not a finding, not a marking, not a label. Conditions know "at least" and
 *   "any of", and no "not". So AMBER is for the producer's own agencies only where nobody is named: beside those who are
 *   named it would reach more than GREEN.
 * - TLP 2.0 is an audience, not a number. Strictness is compared only to inherit markings from containers.
 * - Originators receive their own original; RED withholds from every organisation; people read it elsewhere.
 * - The outcome's key leaves the reasons out: recipients that get the same copy share it, even if one is
 *   named and the other is a client of one that is. An audience's parts keep what each was told.
 * - `now` is an argument, and so are the counts of individuals: what was decided can be decided again.
 * - Personal data (`personal/`): `findPersonalData` looks at every text of an object and names what the allow-list of
 *   its type does not; `redactObject` leaves nothing of it that would be found again (docs/personal-data.md).
 *
 * `testing/decision-oracle.ts` is a second decision, for the tests alone; it knows none of the above.
 *
 * It must not import anything but `@suar/stix`, zod, libphonenumber-js and Node's own hashes, signatures and ciphers:
 * no clock, no database, no network, no environment.
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
export { type DecisionChange, type DecisionDiff, DecisionTally, isSameDecision } from "./diff-decisions.ts";
export {
  type BrokenReference,
  brokenReferences,
  ComparativeGuide,
  citesOf,
  citeText,
  type GuideCite,
  GuideEntry,
  GuideText,
  RuleReference,
} from "./guide/comparative-guide.ts";
export { type ReadableGuide, type ReadableRule, readableGuide } from "./guide/readable-guide.ts";
export { type CitedPolicy, type ReadableReason, readableReason } from "./guide/readable-reason.ts";
export { effectiveMarkings, type MarkingNode, type Markings } from "./inheritance.ts";
export { followLimits, joinLimits, Limits, NO_LIMITS, sameLimits } from "./limits.ts";
export {
  BasisUse,
  Decision,
  individualsCrossing,
  joinOutcomes,
  NOTHING,
  Outcome,
  outcomeKey,
  PiiCount,
  Redaction,
} from "./outcome.ts";
export { ownMarkings } from "./own-markings.ts";
export {
  type ChangeRefusal,
  changePolicy,
  type LastVersion,
  type PolicyChange,
  refuseSuccession,
} from "./pairs/change-policy.ts";
export type { CompiledPair, PolicyStanding } from "./pairs/compiled-pair.ts";
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
  policySetHash,
  type StandingPolicy,
  withPolicy,
} from "./pairs/policy-set.ts";
export { asRead, type ReadWords, readWords } from "./pairs/read-words.ts";
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
export { cryptopan } from "./personal/redact/cryptopan.ts";
export type { PersonalRedaction, RedactionKeys } from "./personal/redact/operation.ts";
export { redactObject } from "./personal/redact/redact-object.ts";
export { Attackers, type Harmed, isInfrastructure } from "./personal/victims/attackers.ts";
export { calledVictims, findVictims } from "./personal/victims/find-victims.ts";
export { type Holding, holdingOf } from "./personal/victims/holding.ts";
export {
  addressesIn,
  addressKeysOf,
  isAddressKey,
  type Victims,
} from "./personal/victims/victim-addresses.ts";
export { PiiClass, PiiFinding } from "./personal-data.ts";
export { Reason, ReasonCode } from "./reason.ts";
export type { Finding, Rule } from "./rule.ts";
export { RULES } from "./rules.ts";
export { MarkedSubject, Organisation, PUBLIC, Purpose, RecipientKind, Subject } from "./subject.ts";
