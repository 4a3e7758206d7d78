import { isAddressKind, type ObservableValue } from "@suar/stix";
import { blocklist } from "./blocklist.ts";
import { markingLines } from "./marking-lines.ts";
import { contentOf, hexOf, MOST_VALUES, messageOf, sidOf } from "./rule-text.ts";

/** Rules that Snort 2.9 and 3 both read: domains as DNS writes them (RFC 1035 §3.1), what is below them too; addresses. */
export const snortWriter = blocklist({
  mediaType: "text/plain; charset=utf-8",
  extension: ".rules",
  losses: [
    "values of other kinds than domain, ipv4, ipv6 and networks",
    "domains where they are asked for otherwise than by DNS over UDP",
    `of one indicator all values after the first ${MOST_VALUES}`,
  ],
  header: (facts) => markingLines(facts, "#"),
  lines: (value, statement) => {
    const rule = ruleOf(value);
    if (rule === undefined) return undefined;
    if (statement.place >= MOST_VALUES) return null;
    const { head, body } = rule;
    return `alert ${head} (msg:"${messageOf(statement)}"; ${body}sid:${sidOf(statement, statement.place * 2)}; rev:1;)\n`;
  },
});

function ruleOf({ kind, value }: ObservableValue): { head: string; body: string } | undefined {
  if (kind === "domain")
    return { head: "udp $HOME_NET any -> any 53", body: `content:"${labelsOf(value)}|00|"; nocase; ` };
  if (isAddressKind(kind)) return { head: `ip $HOME_NET any -> [${value}] any`, body: "" };
  return undefined;
}

function labelsOf(domain: string): string {
  return domain
    .split(".")
    .map((label) => hexOf(label.length) + contentOf(label))
    .join("");
}
