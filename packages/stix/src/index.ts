/**
 * @suar/stix: the language that everything in Suar speaks.
 *
 * STIX 2.1 (errata 01) as data: one file for each type under `sdo/`, `sro/`, `sco/` and `meta/`, the incident
 * suite of extensions under `incident/` (pinned to one draft: `incident/suite.ts`), and what types are made of under
 * `type/` (data types in `property-types.ts`, the rules between properties in `rules.ts`); `parse/` judges by them.
 * Beside it stand the things that give an object its name and its place: identifiers and canonical JSON (`name/`),
 * timestamps and versions (`version/`), `reference/`, `confidence/` and how long indicators live (`lifecycle/`), `marking/`,
 * patterns (`pattern/`), the observables by which objects are found (`observable/`), and by which they concern what somebody
 * has (`asset/`, with CPE names in `cpe/`).
 *
 * Invariants
 * - Nothing is stripped or rewritten. `parseStixObject` judges, and hands back the very value it was given:
 *   the same (id, modified) must mean the same content (§3.6), so unknown properties and the text of
 *   timestamps survive.
 * - Open vocabularies never refuse, enumerations do; unknown types pass as custom objects (§11.2).
 * - Every function is pure but for `scoId` of an object without contributing properties, which is random as
 *   §3.4 demands; none throws on input from strangers unless its comment says so.
 * - Time and stack are bounded: no recursion over untrusted depth, no regular expression that backtracks.
 * - One observable has one key: `canonicalize` is idempotent, and keys are made of its output only.
 *
 * It imports zod, re2js and Node's own crypto, url and util; never another package of Suar, no I/O, no environment.
 */

export { type Asset, type AssetResult, assetText, LONGEST_ASSET, parseAsset } from "./asset/asset.ts";
export { type AssetMarks, assetMarksOf } from "./asset/asset-marks.ts";
export { type AssetSet, assetSet, GrowingAssetSet } from "./asset/asset-set.ts";
export { ConfidenceScale, confidenceFrom, confidenceWord } from "./confidence/confidence-scale.ts";
export { cpe23Of } from "./cpe/cpe-name.ts";
export { StixEvent } from "./incident/event.ts";
export { StixImpact } from "./incident/impact.ts";
export { StixIncidentCore } from "./incident/incident-core.ts";
export { StixTask } from "./incident/task.ts";
export { describeLife } from "./lifecycle/describe-life.ts";
export { type IndicatorFacts, lifeOf, type ToldSighting } from "./lifecycle/life.ts";
export { Lifecycle } from "./lifecycle/lifecycle.ts";
export {
  EXPIRATION_LABEL,
  keySaidBy,
  type Sighted,
  type SightingKind,
  sightedIn,
  sightingKey,
  sightingKeyBy,
} from "./lifecycle/sighted.ts";
export { Pap, parsePap, stricterPap } from "./marking/pap.ts";
export { formatTlp, parseTlp, stricterTlp, Tlp } from "./marking/tlp.ts";
export { TLP_2_EXTENSION, tlpMarkingDefinition, tlpMarkingId, tlpOfMarking } from "./marking/tlp-marking.ts";
export { isWarningLabel, withWarnings } from "./marking/warning-label.ts";
export { mayHaveLabels, withMarking } from "./marking/with-marking.ts";
export { StixExtensionDefinition } from "./meta/extension-definition.ts";
export { StixLanguageContent } from "./meta/language-content.ts";
export { StixMarkingDefinition } from "./meta/marking-definition.ts";
export { canonicalJson } from "./name/canonical-json.ts";
export { idOfDigest, isStixId, keyedId, suarId, typeOfId, uuidv5 } from "./name/identifier.ts";
export { SCO_NAMESPACE, scoId } from "./name/sco-id.ts";
export { canonicalize } from "./observable/canonicalize.ts";
export { classifyValue } from "./observable/classify-value.ts";
export { keysOf } from "./observable/keys-of.ts";
export { kindsOfObject } from "./observable/kinds-of-object.ts";
export {
  ADDRESS_KINDS,
  type AddressKind,
  type Canonical,
  isAddressKind,
  ObservableKind,
  observableKey,
} from "./observable/observable-kind.ts";
export { patternFor } from "./observable/pattern-for.ts";
export { refang } from "./observable/refang.ts";
export { scoFor } from "./observable/sco-for.ts";
export type { ObservableValue } from "./observable/value-at.ts";
export { type ValuesAlone, valuesAlone } from "./observable/values-alone.ts";
export { type BundleResult, parseBundle, type StixBundle } from "./parse/parse-bundle.ts";
export { type ParseOptions, type ParseResult, parseStixObject } from "./parse/parse-object.ts";
export { findDanger } from "./parse/structure.ts";
export { checkPattern } from "./pattern/check-pattern.ts";
export { type MatchResult, matchPattern } from "./pattern/match/match-pattern.ts";
export { type PatternResult, parsePattern } from "./pattern/parse-pattern.ts";
export type { Comparison, Observation, Qualifier } from "./pattern/syntax.ts";
export { mapReferences, namesIn, type Reference, referencesOf } from "./reference/reference.ts";
export { resolves } from "./reference/selector.ts";
export { StixArtifact } from "./sco/artifact.ts";
export { StixAutonomousSystem } from "./sco/autonomous-system.ts";
export { StixDirectory } from "./sco/directory.ts";
export { StixDomainName } from "./sco/domain-name.ts";
export { StixEmailAddr } from "./sco/email-addr.ts";
export { StixEmailMessage } from "./sco/email-message.ts";
export { StixFile } from "./sco/file.ts";
export { StixIpv4Addr } from "./sco/ipv4-addr.ts";
export { StixIpv6Addr } from "./sco/ipv6-addr.ts";
export { StixMacAddr } from "./sco/mac-addr.ts";
export { StixMutex } from "./sco/mutex.ts";
export { StixNetworkTraffic } from "./sco/network-traffic.ts";
export { StixProcess } from "./sco/process.ts";
export { StixSoftware } from "./sco/software.ts";
export { StixUrl } from "./sco/url.ts";
export { StixUserAccount } from "./sco/user-account.ts";
export { StixWindowsRegistryKey } from "./sco/windows-registry-key.ts";
export { StixX509Certificate } from "./sco/x509-certificate.ts";
export { StixAttackPattern } from "./sdo/attack-pattern.ts";
export { StixCampaign } from "./sdo/campaign.ts";
export { StixCourseOfAction } from "./sdo/course-of-action.ts";
export { StixGrouping } from "./sdo/grouping.ts";
export { StixIdentity } from "./sdo/identity.ts";
export { StixIncident } from "./sdo/incident.ts";
export { StixIndicator } from "./sdo/indicator.ts";
export { StixInfrastructure } from "./sdo/infrastructure.ts";
export { StixIntrusionSet } from "./sdo/intrusion-set.ts";
export { StixLocation } from "./sdo/location.ts";
export { StixMalware } from "./sdo/malware.ts";
export { StixMalwareAnalysis } from "./sdo/malware-analysis.ts";
export { StixNote } from "./sdo/note.ts";
export { StixObservedData } from "./sdo/observed-data.ts";
export { StixOpinion } from "./sdo/opinion.ts";
export { StixReport } from "./sdo/report.ts";
export { StixThreatActor } from "./sdo/threat-actor.ts";
export { StixTool } from "./sdo/tool.ts";
export { StixVulnerability } from "./sdo/vulnerability.ts";
export { StixRelationship } from "./sro/relationship.ts";
export { StixSighting } from "./sro/sighting.ts";
export { formatIssue, type StixIssue, type StixObject } from "./stix-object.ts";
export type { Family } from "./type/object-type.ts";
export { hasPlainIds, isObservable } from "./type/object-types.ts";
export { isBareRevocation, type RevocationOf, revocationOf } from "./version/revocation.ts";
export {
  compareTimestamps,
  isTimestamp,
  microsFromTimestamp,
  plainTimestamp,
  timestampFromDate,
  timestampFromMicros,
} from "./version/timestamp.ts";
export {
  contentOf,
  judgeVersion,
  type StixVersion,
  type VersionRefusal,
  type VersionVerdict,
} from "./version/version.ts";
