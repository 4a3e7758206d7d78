import { blocklist } from "./blocklist.ts";
import { markingLines } from "./marking-lines.ts";

/** hosts(5): a domain leads nowhere. What is below it has to be named by itself. */
export const hostsWriter = blocklist({
  mediaType: "text/plain; charset=utf-8",
  extension: ".hosts",
  losses: ["values of other kinds than domain", "what is below a domain"],
  header: (facts) => markingLines(facts, "#"),
  lines: ({ kind, value }) => (kind === "domain" ? `0.0.0.0 ${value}\n` : undefined),
});
