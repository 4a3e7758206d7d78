import { createHmac } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { parseStixObject, type StixObject } from "@suar/stix";
import { describe, expect, it } from "vitest";
import { findPersonalData } from "./find-personal-data.ts";
import { cryptopan } from "./redact/cryptopan.ts";
import { redactObject } from "./redact/redact-object.ts";
import { findVictims } from "./victims/find-victims.ts";

const AT = "2026-01-01T00:00:00.000Z";
const UUID = "123e4567-e89b-42d3-a456-426614174000";

function stix(type: string, more: Record<string, unknown>): StixObject {
  return { type, spec_version: "2.1", id: `${type}--${UUID}`, created: AT, modified: AT, ...more };
}

const indicator = (pattern: string, more: Record<string, unknown> = {}) =>
  stix("indicator", { pattern, pattern_type: "stix", valid_from: AT, ...more });

const classes = (object: StixObject, victims?: ReadonlySet<string>) =>
  findPersonalData(object, victims && { victims }).map((finding) => `${finding.class} ${finding.path}`);

describe("findPersonalData", () => {
  it("looks at every text, at any depth, in order and each place once", () => {
    const object = stix("report", {
      name: "bob@example.com",
      description: "bob@example.com, BOB@example.com, eve@example.com and +65 6123 4567",
      published: AT,
      object_refs: [`malware--${UUID}`],
      labels: ["a", "S1234567D"],
      external_references: [
        { source_name: "s", description: "eve@example.com", url: "https://e.example/?m=a@b.example" },
      ],
    });
    expect(findPersonalData(object)).toEqual([
      { path: "/description", class: "email", individuals: 2 },
      { path: "/description", class: "phone", individuals: 1 },
      { path: "/external_references/0/description", class: "email", individuals: 1 },
      { path: "/external_references/0/url", class: "email", individuals: 1 },
      { path: "/labels/1", class: "nationalId", individuals: 1 },
      { path: "/name", class: "email", individuals: 1 },
    ]);
  });

  it("leaves what an indicator looks for, and its name for it", () => {
    expect(
      classes(indicator("[email-addr:value = 'evil@example.com']", { name: "evil@example.com" })),
    ).toEqual([]);
    expect(classes(indicator("[ipv4-addr:value = '203.0.113.7']", { name: "203.0.113.7" }))).toEqual([]);
    expect(
      classes(indicator("[email-addr:value = 'evil@example.com']", { name: "to bob@example.com" })),
    ).toEqual(["email /name"]);
  });

  it("knows whom a pattern looks for", () => {
    expect(classes(indicator("[user-account:account_login = 'bob']"))).toEqual(["account /pattern"]);
    expect(classes(indicator("[file:name = 'user-account:']"))).toEqual([]);
    expect(classes(indicator("[email-message:to_refs[*].value = 'bob@example.com']"))).toEqual([
      "email /pattern",
    ]);
    expect(classes(indicator("[email-message:from_ref.value = 'evil@example.com']"))).toEqual([]);
    const lure = "https://evil.example/?e=bob%40example.com";
    expect(classes(indicator(`[url:value = '${lure}']`, { name: `to bob@example.com: ${lure}` }))).toEqual([
      "email /name",
      "email /pattern",
    ]);
    expect(classes(indicator("[file:name = '11010519491231002X.docx']"))).toEqual(["nationalId /pattern"]);
  });

  it.each([
    ["individual", ["person /name"]],
    ["unknown", ["person /name"]],
    [undefined, ["person /name"]],
    ["organization", []],
    ["group", []],
    ["class", []],
    ["system", []],
  ])("takes an identity of class %s for whom it may be", (identity_class, expected) => {
    expect(
      classes(stix("identity", { name: "Bank Selat", ...(identity_class && { identity_class }) })),
    ).toEqual(expected);
  });

  it("takes an account for somebody's, unless it is a service's", () => {
    const account = stix("user-account", {
      account_login: "bob",
      display_name: "Bob",
      credential: "pw",
      account_type: "unix",
    });
    expect(classes(account)).toEqual([
      "account /account_login",
      "account /credential",
      "account /display_name",
    ]);
    expect(classes({ ...account, is_service_account: true })).toEqual(["account /credential"]);
  });

  it("names people where STIX has them", () => {
    expect(classes(stix("note", { content: "c", authors: ["A B"], object_refs: [] }))).toEqual([
      "person /authors/0",
    ]);
    expect(classes(stix("opinion", { opinion: "agree", authors: ["A B"], object_refs: [] }))).toEqual([
      "person /authors/0",
    ]);
    expect(classes(stix("email-addr", { value: "a@example.com", display_name: "A B" }))).toEqual([
      "person /display_name",
    ]);
    expect(classes(stix("attack-pattern", { name: "n", x_mitre_contributors: ["A B"] }))).toEqual([
      "person /x_mitre_contributors/0",
    ]);
  });

  it("knows victims' addresses by the submission", () => {
    const ip = { type: "ipv4-addr", id: `ipv4-addr--${UUID}`, value: "203.0.113.7" };
    const mail = { type: "email-addr", id: `email-addr--${UUID}`, value: "bob@example.com" };
    expect([...classes(ip), ...classes(mail)]).toEqual([]);
    expect(classes(ip, new Set([ip.id]))).toEqual(["victimIp /value"]);
    expect(classes(mail, new Set([mail.id]))).toEqual(["email /value"]);
  });

  it("knows what a victim's observed data holds itself", () => {
    const observed = stix("observed-data", {
      first_observed: AT,
      last_observed: AT,
      number_observed: 1,
      objects: {
        "0": { type: "ipv4-addr", value: "203.0.113.7" },
        "1": { type: "x-acme", secret: "s" },
        "2": { type: "email-addr", value: "bob@example.com" },
      },
    });
    expect(classes(observed)).toEqual(["unlisted /objects/1/secret", "email /objects/2/value"]);
    expect(classes(observed, new Set([observed.id]))).toEqual([
      "victimIp /objects/0/value",
      "unlisted /objects/1/secret",
      "email /objects/2/value",
    ]);
  });

  it("reads the name of a field that nobody knows as a word", () => {
    const custom = (name: string, value: unknown) =>
      classes(stix("malware", { is_family: false, [name]: value })).filter(
        (each) => !each.startsWith("unlisted"),
      );
    expect(custom("x_passport_no", "E12345678")).toEqual(["passport /x_passport_no"]);
    expect(custom("x_homePhone", "91234567")).toEqual(["phone /x_homePhone"]);
    expect(custom("x_phones", [91_234_567])).toEqual(["phone /x_phones/0"]);
    expect(custom("x_serial", "E12345678")).toEqual([]);
  });

  it("does not call itself deeper than objects may be nested", () => {
    let deep: unknown = "bob@example.com";
    for (let level = 0; level < 50_000; level += 1) deep = [deep];
    expect(classes(stix("malware", { is_family: false, x_deep: deep }))).toEqual(["unlisted /x_deep"]);
  });
});

const CORPUS = new URL("../../../../../shared/corpus/stix/", import.meta.url);

describe.skipIf(!existsSync(CORPUS))("the STIX of others", () => {
  const objectsOf = (name: string) =>
    (JSON.parse(readFileSync(new URL(`${name}.json`, CORPUS), "utf8")) as { objects: StixObject[] }).objects;

  const counted = (objects: readonly StixObject[]) => {
    const victims = findVictims(objects);
    const found = objects.flatMap((object) =>
      findPersonalData(object, { victims }).map(
        ({ path, class: kind }) =>
          `${kind} ${object.type.replace(/^x-.*/, "x")}${path.replaceAll(/\d+/g, "n")}`,
      ),
    );
    return Object.fromEntries(
      [...new Set(found)].sort().map((each) => [each, found.filter((other) => other === each).length]),
    );
  };

  it("has contributors and custom types, and nothing that only looks like personal data", () => {
    expect(counted(objectsOf("ics-attack"))).toEqual({
      "person attack-pattern/x_mitre_contributors/n": 15,
      "person intrusion-set/x_mitre_contributors/n": 29,
      "person malware/x_mitre_contributors/n": 9,
      "unlisted x/type": 250,
    });
    // The one address stands in the description of how a domain was registered.
    expect(counted(objectsOf("poisonivy"))).toEqual({ "email indicator/description": 1 });
  });

  it("is STIX without personal data once all is dropped", () => {
    const keys = {
      hmac: (text: string) => createHmac("sha256", "k").update(text).digest("hex"),
      cryptopan: cryptopan(new Uint8Array(32)),
    };
    for (const object of [...objectsOf("ics-attack"), ...objectsOf("poisonivy")]) {
      const redactions = findPersonalData(object).map(({ path, class: kind }) => ({
        path,
        class: kind,
        op: "drop" as const,
      }));
      const left = redactObject(object, redactions, keys);
      if (left === undefined) expect(object.type).toMatch(/^x-/);
      else expect([parseStixObject(left).ok, findPersonalData(left)]).toEqual([true, []]);
    }
  });
});
