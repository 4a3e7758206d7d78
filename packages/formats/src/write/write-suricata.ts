import { isAddressKind, type ObservableValue } from "@suar/stix";
import { blocklist, type Statement } from "./blocklist.ts";
import { markingLines } from "./marking-lines.ts";
import { contentOf, MOST_VALUES, messageOf, sidOf } from "./rule-text.ts";

/** Bytes that one `content` may have. */
const LONGEST = 255;

/** Rules for Suricata 7: domains by DNS and TLS, what is below them too; URLs by HTTP; addresses by any protocol. */
export const suricataWriter = blocklist({
  mediaType: "text/plain; charset=utf-8",
  extension: ".rules",
  losses: [
    "values of other kinds than domain, url, ipv4, ipv6 and networks",
    "URLs by other schemes than http, whose paths are not seen",
    `of one indicator all values after the first ${MOST_VALUES}`,
  ],
  header: (facts) => markingLines(facts, "#"),
  lines: (value, statement) => {
    const rules = rulesOf(value);
    if (rules === undefined || rules === null) return rules;
    if (statement.place >= MOST_VALUES) return null;
    return rules.map((rule, n) => `${ruleOf(rule, statement, statement.place * 2 + n)}\n`).join("");
  },
});

type Rule = { head: string; body: string };

function ruleOf({ head, body }: Rule, statement: Statement, place: number): string {
  return `alert ${head} (msg:"${messageOf(statement)}"; ${body}sid:${sidOf(statement, place)}; rev:1;)`;
}

function rulesOf({ kind, value }: ObservableValue): Rule[] | undefined | null {
  if (kind === "domain") return domainRules(value);
  if (kind === "url") return urlRules(value);
  if (isAddressKind(kind)) return [{ head: `ip $HOME_NET any -> [${value}] any`, body: "" }];
  return undefined;
}

function domainRules(domain: string): Rule[] {
  const body = `dotprefix; content:".${contentOf(domain)}"; nocase; endswith; `;
  return [
    { head: "dns $HOME_NET any -> any any", body: `dns.query; ${body}` },
    { head: "tls $HOME_NET any -> any any", body: `tls.sni; ${body}` },
  ];
}

function urlRules(text: string): Rule[] | null {
  const url = URL.parse(text);
  if (url?.protocol !== "http:") return null;
  const path = `${url.pathname}${url.search}`;
  if (Buffer.byteLength(path) > LONGEST || Buffer.byteLength(url.hostname) > LONGEST) return null;
  const whole = (part: string): string => `content:"${contentOf(part)}"; bsize:${Buffer.byteLength(part)}; `;
  return [
    {
      // `http.host` has no port in it; HTTP itself is known at any.
      head: `http $HOME_NET any -> any ${url.port === "" ? "any" : url.port}`,
      body: `flow:established,to_server; http.host; ${whole(url.hostname)}http.uri.raw; ${whole(path)}`,
    },
  ];
}
