import { Pap, Tlp } from "@suar/stix";
import { type Rule, rule } from "./rule.ts";
import type { Organisation, Subject } from "./subject.ts";

const TLP_2 = "FIRST TLP 2.0";
const HOUSE = "Suar house rule";

const KNOWN_TLP = new Set<string>(Tlp.options);
const KNOWN_PAP = new Set<string>(Pap.options);
const KNOWN_KINDS = new Set<string>(["cert", "agency"]);

/**
 * The rules as data. All of them run and their order means nothing. Rules for pairs of jurisdictions and for
 * personal data join this list; they must be silent where the recipient is the producer, since originators
 * always receive their own original.
 *
 * What no rule says: an agency's report does not reach its own member CERT of itself. The CERT sees it where
 * the marking lets it (CLEAR, GREEN) or where the agency names it, as anybody else would. In the same way an
 * agency has no clients: its AMBER does not reach the other agencies of its member.
 */
export const RULES: readonly Rule[] = [
  rule("marking-known", HOUSE, (subject, _recipient, { withhold }) =>
    KNOWN_TLP.has(subject.tlp) && (subject.pap === undefined || KNOWN_PAP.has(subject.pap))
      ? undefined
      : withhold("unknown-marking"),
  ),

  rule("recipient-known", HOUSE, (_subject, recipient, { withhold }) =>
    KNOWN_KINDS.has(recipient.kind) ? undefined : withhold("unknown-recipient"),
  ),

  // RED is for named people in their own inbox. An organisation, be it the producer's, reads by machine, in
  // feeds and by search, so that RED withholds from every organisation.
  rule("red", `${TLP_2}, RED`, ({ tlp }, _recipient, { withhold }) =>
    tlp === "red" ? withhold("red-needs-people") : undefined,
  ),

  rule("relationship-ends", HOUSE, ({ producer, ends = [] }, recipient, { withhold }) =>
    producer.id === recipient.id || ends.every((readers) => readers.includes(recipient.id))
      ? undefined
      : withhold("end-withheld"),
  ),

  rule("originator", HOUSE, ({ producer }, recipient, { permit }) =>
    producer.id === recipient.id ? permit("own-original") : undefined,
  ),

  rule("community", `${TLP_2}, CLEAR and GREEN`, ({ tlp, to }, _recipient, { permit }) =>
    (tlp === "clear" || tlp === "green") && to.length === 0 ? permit("community") : undefined,
  ),

  rule("named", TLP_2, ({ tlp, to }, recipient, { permit }) =>
    tlp !== "red" && to.includes(recipient.code) ? permit("named") : undefined,
  ),

  rule("clients-of-named", `${TLP_2}, AMBER`, (subject, recipient, { permit }) =>
    reachesClients(subject) && recipient.kind === "agency" && subject.to.includes(recipient.member)
      ? permit("client-of-named")
      : undefined,
  ),

  // Only AMBER: naming somebody for CLEAR or GREEN narrows the audience to those who are named.
  rule("clients-of-producer", `${TLP_2}, AMBER`, ({ tlp, producer }, recipient, { permit }) =>
    tlp === "amber" && isClientOf(recipient, producer) ? permit("client-of-producer") : undefined,
  ),
];

/** AMBER+STRICT stops at the named organisation; clients of a named CERT get everything wider than that. */
function reachesClients({ tlp }: Subject): boolean {
  return tlp === "clear" || tlp === "green" || tlp === "amber";
}

function isClientOf(recipient: Organisation, producer: Organisation): boolean {
  return producer.kind === "cert" && recipient.kind === "agency" && recipient.member === producer.member;
}
