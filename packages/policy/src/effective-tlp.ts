import { stricterTlp, type Tlp } from "@suar/stix";

/**
 * The stricter of an object's own marking, its containers' and the one given for the whole submission.
 * None at all stays `undefined`: an unmarked object is refused, never given a default of ours.
 */
export function effectiveTlp(
  own: Tlp | undefined,
  containers: readonly Tlp[],
  submissionDefault: Tlp | undefined,
): Tlp | undefined {
  return [own, ...containers, submissionDefault]
    .filter((tlp) => tlp !== undefined)
    .reduce<Tlp | undefined>((strictest, tlp) => (strictest ? stricterTlp(strictest, tlp) : tlp), undefined);
}
