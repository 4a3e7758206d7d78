import { Pap, Tlp } from "@suar/stix";
import { type Rule, rule } from "./rule.ts";
import { type MarkedSubject, type Organisation, RecipientKind } from "./subject.ts";

const TLP_2 = "FIRST TLP 2.0";
const HOUSE = "Suar house rule";

const KNOWN_TLP = new Set<string>(Tlp.options);
const KNOWN_PAP = new Set<string>(Pap.options);
const KNOWN_KINDS = new Set<string>(RecipientKind.options);

/**
 * The rules of markings as data: they hold within a jurisdiction as across borders. All of them run and their order
 * means nothing. What only narrows an audience is silent where the recipient is the producer, since originators
 * always receive their own original.
 *
 * What no rule says: an agency's report does not reach its own member CERT of itself. The CERT sees it where
 * the marking lets it (CLEAR, GREEN) or where the agency names it, as anybody else would. In the same way an
 * agency has no clients: its AMBER does not reach the other agencies of its member.
 */
export const RULES: readonly Rule[] = [
  rule("marking-known", HOUSE, (subject, _recipient, { withhold }) =>
    KNOWN_TLP.has(subject.tlp) &&
    isKnown(subject) &&
    (subject.parents === undefined || subject.parents.every(isKnown))
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

  // People are told of by the inbox alone, which asks for itself.
  rule("person", `${TLP_2}, RED`, (_subject, { kind }, { withhold }) =>
    kind === "person" ? withhold("people-read-inboxes") : undefined,
  ),

  rule("public", `${TLP_2}, CLEAR`, ({ tlp }, { kind }, { withhold }) =>
    kind === "public" && tlp !== "clear" ? withhold("public-needs-clear") : undefined,
  ),

  rule("releasable-to", HOUSE, ({ producer, releasableTo }, recipient, { withhold }) =>
    releasableTo === undefined || producer.id === recipient.id || lists(releasableTo, recipient)
      ? undefined
      : withhold("not-releasable-to"),
  ),

  rule("no-forward", HOUSE, ({ producer, noForward, to }, recipient, { withhold }) =>
    noForward === true && producer.id !== recipient.id && !to.includes(recipient.code)
      ? withhold("no-forward")
      : undefined,
  ),

  // What is no time has no time left.
  rule("expiry", HOUSE, ({ producer, expires }, recipient, { withhold }, now) =>
    expires === undefined || producer.id === recipient.id || Date.parse(expires) > now
      ? undefined
      : withhold("expired"),
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

  // Whoever names somebody says for whom it is, under each marking: were its clients beside the named ones of AMBER,
  // AMBER would reach more than GREEN. Who means them as well names its own CERT.
  rule("clients-of-producer", `${TLP_2}, AMBER`, ({ tlp, producer, to }, recipient, { permit }) =>
    tlp === "amber" && to.length === 0 && isClientOf(recipient, producer)
      ? permit("client-of-producer")
      : undefined,
  ),
];

function isKnown({ tlp, pap }: { tlp?: Tlp | undefined; pap?: Pap | undefined }): boolean {
  return (tlp === undefined || KNOWN_TLP.has(tlp)) && (pap === undefined || KNOWN_PAP.has(pap));
}

/** AMBER+STRICT stops at the named organisation; clients of a named CERT get everything wider than that. */
function reachesClients({ tlp }: MarkedSubject): boolean {
  return tlp === "clear" || tlp === "green" || tlp === "amber";
}

function isClientOf(recipient: Organisation, producer: Organisation): boolean {
  return producer.kind === "cert" && recipient.kind === "agency" && recipient.member === producer.member;
}

/** A member's name stands for its agencies too. */
function lists(codes: readonly string[], { code, member }: Organisation): boolean {
  return codes.includes(code) || codes.includes(member);
}
