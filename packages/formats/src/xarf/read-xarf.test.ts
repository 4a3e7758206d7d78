import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { chooseReader } from "../readers.ts";
import { collect, objectsOf, valuesOf } from "../testing/collect-drafts.ts";
import { named } from "../testing/named.ts";
import { faultsOf } from "../testing/validated.ts";
import { xarfReader } from "./read-xarf.ts";

const fixture = (name: string): string =>
  readFileSync(resolve(import.meta.dirname, "fixtures", name), "utf8");
const mail = fixture("login-attack.eml");
const yaml = mail.slice(
  mail.indexOf("Reported-From"),
  mail.indexOf('\n--x\nContent-Type: text/plain; charset=utf-8; name="logfile'),
);
const json = JSON.stringify(
  {
    "Reported-From": "reports@reporter.example",
    Category: "fraud",
    "Report-Type": "phishing",
    "Report-ID": "7",
    Date: "2026-01-02T03:04:05Z",
    Source: "http://phish.example/login",
    "Source-Type": "uri",
    "Schema-URL": "https://www.x-arf.org/schema/fraud_0.1.4.json",
  },
  null,
  1,
);

describe("xarfReader", () => {
  it.each([mail, mail.replaceAll("\n", "\r\n"), yaml, json])(
    "is chosen by the content alone, and drafts what STIX allows (%#)",
    async (text) => {
      expect(chooseReader({ head: text })).toMatchObject({ ok: true, reader: { name: "xarf" } });
      const collected = await collect(xarfReader, text, { step: 40 });
      expect(faultsOf(collected)).toEqual([]);
      expect(collected.rejects).toEqual([]);
      expect(objectsOf(collected, "incident")).toHaveLength(1);
    },
  );

  it("reads a report of a login attack as the golden file says", async () => {
    const { drafts, losses } = await collect(xarfReader, mail);
    const golden = JSON.parse(fixture("login-attack.golden.json"));
    expect(named(drafts)).toEqual(golden.objects);
    expect(losses.map(({ at, reason }) => `${at}: ${reason}`)).toEqual(golden.losses);
    expect(drafts.every(({ marking }) => marking?.tlp === "green")).toBe(true);
  });

  it("finds a report that is attached as a file, or written as JSON", async () => {
    const attached = mail.replace(
      'name="report.txt"',
      'name="report.txt"\nContent-Disposition: attachment; filename="report.txt"',
    );
    expect(valuesOf(await collect(xarfReader, attached))).toContain("ipv4 192.0.2.44");
    expect(valuesOf(await collect(xarfReader, json))).toEqual([
      "url http://phish.example/login",
      "url http://phish.example/login",
    ]);
  });

  it("takes a log that is named and nothing else for a file, by its hash", async () => {
    const undisposed = mail.replace('\nContent-Disposition: attachment; filename="logfile.log"', "");
    expect(undisposed).not.toBe(mail);
    const collected = await collect(xarfReader, undisposed);
    expect(objectsOf(collected, "file").map(({ name }) => name)).toEqual(["logfile.log"]);
    expect(collected.losses.map(({ field }) => field)).toContain("attachment");
  });

  it("leaves a message with a report attached to the reader of mail, and finds the report where it is asked", async () => {
    const outer = [
      "From: a@cert.example",
      "Message-ID: <o@x>",
      "Subject: see",
      "MIME-Version: 1.0",
      'Content-Type: multipart/mixed; boundary="o"',
      "",
      "--o",
      "Content-Type: message/rfc822",
      "",
      mail,
      "--o--",
    ].join("\n");
    expect(chooseReader({ head: outer })).toMatchObject({ ok: true, reader: { name: "email" } });
    const collected = await collect(xarfReader, outer);
    expect(valuesOf(collected)).toContain("ipv4 192.0.2.44");
    expect(objectsOf(collected, "file").map(({ name }) => name)).toEqual(["logfile.log"]);
    expect(collected.drafts.every(({ marking }) => marking?.tlp === "green")).toBe(true);
  });

  it.each([
    ["YAML", (id: string) => yaml.replace("123@reporter.example", id)],
    ["JSON", (id: string) => json.replace('"7"', id)],
  ])("keeps every digit of a number in %s", async (_name, withId) => {
    const ids = ["20131031093112123456789", "20131031093112123456790"];
    const incidents = await Promise.all(
      ids.map(async (id) => objectsOf(await collect(xarfReader, withId(id)), "incident")[0]),
    );
    expect(incidents.map((incident) => JSON.stringify(incident).includes(ids[0] ?? ""))).toEqual([
      true,
      false,
    ]);
    expect(JSON.stringify(incidents[1])).toContain(ids[1]);
  });

  it("reads a comment with a colon as the text that it shows", async () => {
    const [incident] = objectsOf(
      await collect(xarfReader, yaml.replace("Verdict: guilty", "Comment: seen by us: many times")),
      "incident",
    );
    expect(incident?.description).toBe("seen by us: many times");
  });

  it.each(["constructor", "toString", "__proto__"])("knows no type %s", async (word) => {
    const text = yaml
      .replace("Report-Type: login-attack", `Report-Type: ${word}`)
      .replace("Source-Type: ipv4", `Source-Type: ${word}`)
      .replace("Verdict: guilty", `${word}: x`);
    const collected = await collect(xarfReader, text);
    expect(faultsOf(collected)).toEqual([]);
    expect(valuesOf(collected)).toContain("ipv4 192.0.2.44");
  });

  it("looks for a report in a text of many beginnings in no time", async () => {
    const head = "From: a@b.example\r\nMessage-ID: <x>\r\nX-ARF: yes\r\n\r\n";
    const started = performance.now();
    await expect(
      collect(xarfReader, head + `Category: abuse\r\n${" \r\n".repeat(280)}`.repeat(20)),
    ).rejects.toMatchObject({ code: "not-a-bundle" });
    expect(performance.now() - started).toBeLessThan(500);
  });

  it("says what of the reporter it does not carry", async () => {
    const { drafts } = await collect(
      xarfReader,
      yaml.replace("Report-ID: 123@reporter.example", "Report-ID: 123"),
    );
    expect(JSON.stringify(drafts)).not.toContain("reporter.example");
  });

  it.each([
    [
      "no report in the message",
      mail
        .replace("Reported-From", "From-Whom")
        .replace("Schema-URL", "Schema")
        .replace("Report-Type", "Kind"),
      "not-a-bundle",
    ],
    ["YAML that is none", yaml.replace("Category: abuse", "Category: [abuse"), "malformed-yaml"],
    ["aliases", `${yaml}\nA: &a [x, x]\nB: [*a, *a]`, "malformed-yaml"],
    ["a field that is there twice", `${yaml}\ntlp: red`, "bad-report"],
    ["a list", "- Reported-From: x\n", "not-a-bundle"],
    ["a level that nobody knows", yaml.replace("TLP: green", "TLP: purple"), "unknown-marking"],
    ["nothing", "", "empty"],
  ])("refuses %s with its place", async (_name, text, code) => {
    await expect(collect(xarfReader, text)).rejects.toMatchObject({ code });
  });
});
