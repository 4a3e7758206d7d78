/** Nobody is waited for longer, whatever is asked. */
const LONGEST_MS = 24 * 3600 * 1000;

/** How long a Retry-After header asks to wait (RFC 9110 §10.2.3: seconds, or a date); undefined when it asks nothing. */
export function retryAfterMs(header: string | readonly string[] | null | undefined): number | undefined {
  if (typeof header !== "string") return undefined;
  const asked = /^\d{1,10}$/.test(header) ? Number(header) * 1000 : dateOf(header) - Date.now();
  return Number.isNaN(asked) ? undefined : Math.min(Math.max(asked, 0), LONGEST_MS);
}

/** HTTP's dates begin with a day's name (§5.6.7); the engine would take much else for one. */
function dateOf(text: string): number {
  return /^[A-Z][a-z]+,? /.test(text) ? Date.parse(text) : Number.NaN;
}
