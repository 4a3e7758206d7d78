/** What ships is version 1 of every pair. */
const SHIPPED = 1;

/** The one that a pair's next policy has to bear: what was signed once cannot be brought back later. */
export function nextVersion(lastSigned: number | undefined): number {
  return (lastSigned ?? SHIPPED) + 1;
}
