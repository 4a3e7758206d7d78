import { describe, expect, it } from "vitest";
import { collect, objectsOf, valuesOf } from "../testing/collect-drafts.ts";
import { faultsOf } from "../testing/validated.ts";
import { hopsOf } from "./contents.ts";
import { forwardedIn } from "./forwarded.ts";
import { readHtml } from "./html-text.ts";
import { emailReader } from "./read-email.ts";

function mail(headers: readonly string[], body = "Hello"): string {
  return ["From: a@evil.example", "Message-ID: <1@x>", ...headers, "", body].join("\r\n");
}

const html = (page: string): string => mail(["MIME-Version: 1.0", "Content-Type: text/html"], page);
const addressOf = async (text: string): Promise<unknown> =>
  objectsOf(await collect(emailReader, text), "email-addr").map(({ value }) => value);

describe("the marking of a message", () => {
  it.each([
    ["Subject: [TLP:AMBER STRICT] x", "amber+strict"],
    ["Subject: [TLP:AMBER-STRICT] x", "amber+strict"],
    ["Subject: TLP: AMBER + STRICT", "amber+strict"],
    ["Subject: [TLP RED] x", "red"],
    ["Subject: TLP-RED x", "red"],
    ["Subject: TLP 2.0: RED", "red"],
    ["X-TLP-Level: RED", "red"],
    ["Keywords: phish, TLP:RED", "red"],
    ["X-Classification: TLP:RED", "red"],
    ["TLP: amber + strict", "amber+strict"],
  ])("is what %j says", async (header, tlp) => {
    const { drafts } = await collect(emailReader, mail([header], "TLP:GREEN"));
    expect(new Set(drafts.map(({ marking }) => marking?.tlp))).toEqual(new Set([tlp]));
  });

  it.each([
    [
      "a subject within its text",
      "fyi\n\nFrom: C <c@d.example>\nSubject: [TLP:GREEN] Weekly phishing of March, part 2\n\nx",
    ],
    ["a short one", "fyi\n\nFrom: C <c@d.example>\nSubject: [TLP:GREEN] Weekly phishing\n\nx"],
  ])("is also that of %s", async (_name, body) => {
    const { drafts } = await collect(emailReader, mail([], body));
    expect(new Set(drafts.map(({ marking }) => marking?.tlp))).toEqual(new Set(["green"]));
  });

  it("is that of a text file within it", async () => {
    const parts =
      "--b\nContent-Type: text/plain\n\nTLP:GREEN\n--b\nContent-Type: text/plain; name=a.txt\nContent-Disposition: attachment\n\nTLP:RED\n--b--";
    const { drafts } = await collect(emailReader, mail(["Content-Type: multipart/mixed; boundary=b"], parts));
    expect(new Set(drafts.map(({ marking }) => marking?.tlp))).toEqual(new Set(["red"]));
  });

  it.each(["Subject: [TLP:AMBER+MORE] x", "X-TLP-Level: purple", "Keywords: TLP:MAUVE"])(
    "is refused where nobody knows it: %j",
    async (header) =>
      expect(collect(emailReader, mail([header]))).rejects.toMatchObject({ code: "unknown-marking" }),
  );
});

describe("what is forwarded", () => {
  it.each([
    [
      "Thunderbird's order",
      "Subject: \tPay\nDate: \tMon, 1 Jan 2024 09:00:00 +0000\nFrom: \tBank <evil@phish.example>\nTo: \tv@bank.example\n\nClick",
    ],
    [
      "Outlook's addresses",
      "From: Bank [mailto:evil@phish.example]\nSent: Monday\nTo: v@bank.example\nSubject: Pay\n\nClick",
    ],
    ["bold names", "**From:** Bank <evil@phish.example>\n**To:** v@bank.example\n**Subject:** Pay\n\nClick"],
  ])("is found with %s", async (_name, header) => {
    const collected = await collect(emailReader, mail([], `see below\n\n${header}`));
    const [, inner] = objectsOf(collected, "email-message");
    expect(inner).toMatchObject({ subject: "Pay", body: "Click" });
    expect(await addressOf(mail([], `see below\n\n${header}`))).toEqual([
      "a@evil.example",
      "evil@phish.example",
      "v@bank.example",
    ]);
  });

  it("is no line of a text that begins as a field does", () => {
    expect(forwardedIn("Subject: x\nwe saw it\nFrom: a@b.example")).toEqual([]);
  });

  it.each([" ", "> ", "*", ":", "from", "a "])("is looked for in long lines of %j in no time", (text) => {
    const started = performance.now();
    forwardedIn(Array.from({ length: 2_000 }, () => `${text.repeat(1_900)}x`).join("\n"));
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it("is looked for in headers that name nobody in no time", () => {
    const started = performance.now();
    forwardedIn(`From: a${" ".repeat(1_900)}b\nSubject: x\n\n`.repeat(3_000));
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it("is opened where it is a file that a program knew no type for", async () => {
    const inner = mail(["To: v@bank.example", "Subject: inner"], "http://phish.example/in");
    const parts = `--b\r\nContent-Type: application/octet-stream; name="phish.eml"\r\nContent-Disposition: attachment; filename="phish.eml"\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(inner).toString("base64")}\r\n--b--`;
    const collected = await collect(emailReader, mail(["Content-Type: multipart/mixed; boundary=b"], parts));
    expect(objectsOf(collected, "email-message").map(({ subject }) => subject)).toContain("inner");
    expect(valuesOf(collected)).toContain("url http://phish.example/in");
  });
});

it("reads every message of a mailbox, with its own header", async () => {
  const text = `From a@b Mon Jan  1 10:00:00 2024\r\n${mail(["Subject: one"], "http://one.example/")}\r\n\r\nFrom c@d Mon Jan  1 11:00:00 2024\r\n${mail(["Subject: two"], "From now on:\r\nhttp://two.example/")}`;
  const collected = await collect(emailReader, text);
  expect(faultsOf(collected)).toEqual([]);
  expect(objectsOf(collected, "email-message").map(({ subject }) => subject)).toEqual(["one", "two"]);
  expect(valuesOf(collected)).toEqual(
    expect.arrayContaining(["url http://one.example/", "url http://two.example/"]),
  );
});

describe("the time of a message", () => {
  it.each([
    ["Mon, 1 Jan 2024 10:00:00 +0800", "2024-01-01T02:00:00.000Z"],
    ["Mon, 1 Jan 2024 10:00:00 UTC", "2024-01-01T10:00:00.000Z"],
    ["Mon, 1 Jan 2024 10:00:00 EST", "2024-01-01T15:00:00.000Z"],
    ["Mon, 1 Jan 2024 10:00:00 -0000 (none)", "2024-01-01T10:00:00.000Z"],
  ])("is read from %j with its zone", async (date, stamp) => {
    const [message] = objectsOf(await collect(emailReader, mail([`Date: ${date}`])), "email-message");
    expect(message?.date).toBe(stamp);
  });

  it("is nobody's without a zone: not that of the machine that reads", async () => {
    const collected = await collect(emailReader, mail(["Date: Mon, 1 Jan 2024 10:00:00"]));
    expect(objectsOf(collected, "email-message")[0]?.date).toBeUndefined();
    expect(collected.losses).toContainEqual(expect.objectContaining({ field: "Date" }));
  });
});

it("takes whom a line of Received names with by for no hop", () => {
  expect(hopsOf(["by 2002:a05:7110:8192:b0:1e7:b2d4:7c9a with SMTP id x"]).hops).toEqual([]);
  expect(hopsOf(["from x ([203.0.113.5]) by 198.51.100.1"]).hops).toEqual([
    { kind: "ipv4", raw: "203.0.113.5" },
  ]);
});

describe("the values of a text", () => {
  it("are found wherever they stand in a line", async () => {
    const collected = await collect(
      emailReader,
      mail([], `${"word ".repeat(40_000)} http://late.example/ioc`),
    );
    expect(valuesOf(collected)).toContain("url http://late.example/ioc");
  });

  it("are taken or told by what they are", async () => {
    const body = "reply to drop@evil.example or x@evil.example, net 198.51.100.0/24, CVE-2024-12345";
    const collected = await collect(emailReader, mail([], body));
    expect(faultsOf(collected)).toEqual([]);
    expect(valuesOf(collected)).toEqual(["cidr4 198.51.100.0/24", "cve CVE-2024-12345"]);
    expect(collected.losses.map(({ reason }) => reason)).toEqual([
      "Not taken from its text: 2 addresses of e-mail",
    ]);
  });

  it("are told of behind the last line that is looked at", async () => {
    const { losses } = await collect(emailReader, mail([], "x\n".repeat(20_005)));
    expect(losses.map(({ reason }) => reason)).toContainEqual(
      expect.stringMatching(/lines behind the first/),
    );
  });

  it("are those of a page's links, relative ones by its base", async () => {
    const page =
      '<html><head><base href="https://phish.example/a/"><body><a href="login.php">x</a><form action="/post.php"></form><input type=image src="http://x.example/i.png"><table background="//y.example/t.png"></table><a href="mailto:drop@evil.example">m</a>';
    const collected = await collect(emailReader, html(page));
    expect(valuesOf(collected)).toEqual(
      expect.arrayContaining([
        "url https://phish.example/a/login.php",
        "url https://phish.example/post.php",
        "url http://x.example/i.png",
        "url https://y.example/t.png",
      ]),
    );
    expect(collected.losses.map(({ reason }) => reason)).toContain(
      "Not taken from its text: 1 addresses of e-mail",
    );
  });

  it("are those of a page whose head never ends", () => {
    expect(readHtml("<html><head><title>Bank</title><body>TLP:AMBER").text).toBe("TLP:AMBER");
  });
});

it.each(["constructor", "toString", "valueOf"])("takes the element %s for any other", (name) => {
  expect(readHtml(`<${name} href="http://x.example/">hi</${name}>`)).toMatchObject({ text: "hi", links: [] });
});
