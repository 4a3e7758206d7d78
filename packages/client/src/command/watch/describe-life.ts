import type { IndicatorLife, SightingCounts } from "@suar/contract";

/** How sure, how much is left of it and until when, in a few words. */
export function describeLife({ confidence, score, expiresAt, computed, expired, by }: IndicatorLife): string {
  const sure = confidence === null ? "" : `confidence ${confidence.value} (${confidence.word}), `;
  if (expired)
    return `${sure}expired${expiresAt === null ? "" : ` on ${expiresAt.slice(0, 10)}`} (${BY[by]})`;
  const until = expiresAt === null ? "" : ` until ${expiresAt.slice(0, 10)}${computed ? ", worked out" : ""}`;
  return `${sure}score ${score}${until}`;
}

const BY: Readonly<Record<IndicatorLife["by"], string>> = {
  revoked: "revoked",
  valid_until: "its valid_until",
  sighting: "said to be over",
  decay: "by its age",
};

/** Who saw it, among those of whom the reader may know; empty where nobody says anything. */
export function describeSightings({ seenBy, notSeenBy, endedBy, count, lastSeen }: SightingCounts): string {
  const last = lastSeen === null ? "" : `, last ${lastSeen.slice(0, 10)}`;
  return [
    ...(seenBy > 0 ? [`seen by ${seenBy} (${count} times${last})`] : []),
    ...(notSeenBy > 0 ? [`not seen by ${notSeenBy}`] : []),
    ...(endedBy > 0 ? [`over by the word of ${endedBy}`] : []),
  ].join(", ");
}
