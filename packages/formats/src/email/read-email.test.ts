import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { chooseReader } from "../readers.ts";
import { collect, objectsOf, valuesOf } from "../testing/collect-drafts.ts";
import { named } from "../testing/named.ts";
import { faultsOf } from "../testing/validated.ts";
import { readHtml } from "./html-text.ts";
import { emailReader } from "./read-email.ts";

const fixture = (name: string): string =>
  readFileSync(resolve(import.meta.dirname, "fixtures", name), "utf8");
const phish = fixture("phish-with-attachment.eml");
const forward = fixture("forwarded-inline.eml");

function mail(headers: readonly string[], body = "Hello"): string {
  return ["From: a@evil.example", "Message-ID: <1@x>", ...headers, "", body].join("\r\n");
}

describe("emailReader", () => {
  it.each([phish, forward, `From a@b Fri Jan  2 00:00:00 2026\n${forward}`, phish.replaceAll("\n", "\r\n")])(
    "is chosen by the content alone, and drafts what STIX allows (%#)",
    async (text) => {
      expect(chooseReader({ head: text })).toMatchObject({ ok: true, reader: { name: "email" } });
      expect(faultsOf(await collect(emailReader, text, { step: 50 }))).toEqual([]);
    },
  );

  it.each([
    "Subject: what we saw\nDate: 2026-01-02\nFrom: here\n\n192.0.2.1",
    "Title: x\nSeverity: high\n\nSeen at example.com",
    "value: example.com\ntype: domain",
  ])("leaves notes of people to the reader of text", (text) =>
    expect(chooseReader({ head: text })).toMatchObject({ ok: true, reader: { name: "text" } }),
  );

  it("reads a phish with an attachment and a message within it as the golden file says", async () => {
    const { drafts, losses } = await collect(emailReader, phish);
    const golden = JSON.parse(fixture("phish-with-attachment.golden.json"));
    expect(named(drafts)).toEqual(golden.objects);
    expect(losses.map(({ at, reason }) => `${at}: ${reason}`)).toEqual(golden.losses);
  });

  it("hashes attachments and carries none of their bytes", async () => {
    const { drafts } = await collect(emailReader, phish);
    const bytes = Buffer.from("UEsDBAo=", "base64");
    expect(JSON.stringify(drafts)).toContain(createHash("sha256").update(bytes).digest("hex"));
    expect(JSON.stringify(drafts)).not.toContain("UEsDBAo");
  });

  it("says nothing of anybody as an indicator, and of recipients no name", async () => {
    const { drafts } = await collect(emailReader, phish);
    expect(drafts.every((draft) => draft.kind === "object" || draft.as === "observable")).toBe(true);
    expect(JSON.stringify(drafts)).not.toContain("A Clerk");
  });

  it("finds the message that was forwarded inline, whose recipient is the victim", async () => {
    const collected = await collect(emailReader, forward);
    const [outer, inner] = objectsOf(collected, "email-message");
    expect(outer?.subject).toContain("Fwd:");
    expect(inner).toMatchObject({ subject: "Your account", is_multipart: false });
    const local = (value: string) =>
      collected.drafts.find((draft) => draft.kind === "object" && draft.object.value === value)?.local;
    expect(inner?.from_ref).toBe(local("security@bank-login.example"));
    expect(inner?.to_refs).toEqual([local("clerk@bank.example")]);
    expect(valuesOf(collected)).toContain("url http://bank-login.example/now");
    expect(collected.drafts.every(({ marking }) => marking?.tlp === "green")).toBe(true);
  });

  it.each([
    ["发件人: 银行 <x@evil.example>\n发送时间: 2026-01-02 03:00\n收件人: v@bank.example\n主题: 通知\n\n点击"],
    ["Dari: Bank <x@evil.example>\nTarikh: 2026-01-02 03:00\nKepada: v@bank.example\nSubjek: Notis\n\nKlik"],
    ["> From: Bank <x@evil.example>\n> Sent: Friday\n> To: v@bank.example\n> Subject: Notice\n>\n> Click"],
  ])("finds it as mail programs of other languages write it", async (body) => {
    const [, inner] = objectsOf(await collect(emailReader, mail([], body)), "email-message");
    expect(inner).toMatchObject({
      from_ref: expect.any(String),
      to_refs: [expect.any(String)],
      subject: expect.any(String),
    });
  });

  it("reads charsets, encoded words and HTML alone", async () => {
    const html = Buffer.concat([
      Buffer.from(mail(["MIME-Version: 1.0", "Content-Type: text/html; charset=gb2312"], "<p>")),
      Buffer.from([0xc4, 0xe3, 0xba, 0xc3]),
      Buffer.from("</p>"),
    ]);
    const [message] = objectsOf(await collect(emailReader, html), "email-message");
    expect(message?.body).toBe("你好");
  });

  it("takes the hops that are of the outside, and tells of the others", async () => {
    const received = [
      "Received: from a.example ([203.0.113.5]) by b.example; Fri, 2 Jan 2026 00:00:00 +0000",
      "Received: from c.example ([10.1.2.3] helo=x) by 198.51.100.9; Fri, 2 Jan 2026 00:00:00 +0000",
      "Received: from d.example (d [IPv6:2001:db8::7]) by e.example; Fri, 2 Jan 2026 00:00:00 +0000",
    ];
    const collected = await collect(emailReader, mail(received));
    expect(valuesOf(collected)).toEqual(["ipv4 203.0.113.5", "ipv6 2001:db8::7"]);
    expect(collected.losses.map(({ field }) => field)).toEqual(["Received"]);
  });

  it("leaves out headers that name who received it", async () => {
    const { drafts, losses } = await collect(
      emailReader,
      mail(["Delivered-To: v@bank.example", "X-Mailer: Mass"]),
    );
    expect(JSON.stringify(drafts)).not.toContain("v@bank.example");
    expect(JSON.stringify(drafts)).toContain('"X-Mailer":"Mass"');
    expect(losses).toEqual([expect.objectContaining({ field: "Delivered-To" })]);
  });

  it.each([
    ["a subject", mail(["Subject: [TLP:AMBER] a phish"]), "amber"],
    ["a header", mail(["X-TLP: red"]), "red"],
    ["a line of its body", mail([], "TLP:GREEN\nHello"), "green"],
    ["an attached message", phish.replace("See hxxps", "TLP:RED\nSee hxxps"), "red"],
  ])("takes the marking of %s for all of it", async (_name, text, tlp) => {
    const { drafts } = await collect(emailReader, text);
    expect(new Set(drafts.map(({ marking }) => marking?.tlp))).toEqual(new Set([tlp]));
  });

  it.each([
    ["no header", "hello\nworld", "not-a-bundle"],
    ["nothing", "  \n", "empty"],
    ["a level that nobody knows", mail(["X-TLP: purple"]), "unknown-marking"],
    [
      "parts within parts",
      mail(
        ["Content-Type: multipart/mixed; boundary=b0"],
        Array.from(
          { length: 80 },
          (_, n) => `--b${n}\nContent-Type: multipart/mixed; boundary=b${n + 1}\n\n`,
        ).join(""),
      ),
      "too-deep",
    ],
    [
      "ten thousand parts",
      mail(["Content-Type: multipart/mixed; boundary=b"], "--b\n\nx\n".repeat(10_001)),
      "too-large",
    ],
    ["a header without end", mail([`X-A: ${"a".repeat(2_000_000)}`]), "too-large"],
  ])("refuses %s", async (_name, text, code) => {
    await expect(collect(emailReader, text)).rejects.toMatchObject({ code });
  });

  it("keeps the message within too many others as a file", async () => {
    let text = mail([], "innermost http://deep.example/");
    for (let n = 0; n < 12; n += 1)
      text = mail(
        [`Subject: ${n}`, `Content-Type: multipart/mixed; boundary=b${n}`],
        `--b${n}\r\nContent-Type: message/rfc822\r\n\r\n${text}\r\n--b${n}--\r\n`,
      );
    const collected = await collect(emailReader, text);
    expect(objectsOf(collected, "email-message")).toHaveLength(9);
    expect(collected.losses.map(({ reason }) => reason)).toContainEqual(
      expect.stringContaining("kept as a file"),
    );
  });

  it("tells where a message was cut off", async () => {
    const { losses } = await collect(emailReader, phish.slice(0, phish.indexOf("--b--")));
    expect(losses).toContainEqual(
      expect.objectContaining({
        field: "form",
        reason: expect.stringMatching(/^It ends before its last part does.*line \d+/),
      }),
    );
  });
});

describe("readHtml", () => {
  it("says what is seen, and all that it leads to", () => {
    const page = readHtml(
      '<style>p{}</style><p>Dear&nbsp;you &amp; me<br>x</p><form action="http://a.example/in"><meta http-equiv=refresh content="0; url=http://b.example/">',
    );
    expect(page.text).toBe("Dear you & me\nx");
    expect(page.links).toEqual(["http://a.example/in", "http://b.example/"]);
  });
});
