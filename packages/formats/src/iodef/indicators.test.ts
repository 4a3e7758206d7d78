import { describe, expect, it } from "vitest";
import { collect, objectsOf, valuesOf } from "../testing/collect-drafts.ts";
import { faultsOf } from "../testing/validated.ts";
import { iodefReader } from "./read-iodef.ts";

const documentOf = (incident: string, id = '<IncidentID name="a.example">1</IncidentID>'): string =>
  `<IODEF-Document version="2.00" xmlns="urn:ietf:params:xml:ns:iodef-2.0"><Incident purpose="watch" restriction="green">${id}${incident}</Incident></IODEF-Document>`;
const indicator = (contents: string): string =>
  documentOf(`<IndicatorData><Indicator>${contents}</Indicator></IndicatorData>`);
const observable = (contents: string): string => indicator(`<Observable>${contents}</Observable>`);
const bulk = (type: string, line: string): string =>
  observable(
    `<BulkObservable type="${type}"><BulkObservableList>${line}</BulkObservableList></BulkObservable>`,
  );
const system = (attributes: string, contents: string): string =>
  documentOf(`<EventData><Flow><System ${attributes}>${contents}</System></Flow></EventData>`);
const node = (address: string): string => `<Node><Address>${address}</Address></Node>`;
const hash = (algorithm: string, value: string): string =>
  `<HashData><Hash><DigestMethod Algorithm="${algorithm}"/><DigestValue>${value}</DigestValue></Hash></HashData>`;
const [MD5, SHA384] = ["d41d8cd98f00b204e9800998ecf8427e", "ab".repeat(48)];

async function patterns(text: string): Promise<unknown[]> {
  const collected = await collect(iodefReader, text);
  expect(faultsOf(collected)).toEqual([]);
  return [
    ...objectsOf(collected, "indicator").map(({ pattern }) => pattern),
    ...valuesOf(collected),
    ...collected.rejects.map(({ code }) => code),
  ];
}

describe("indicators of IODEF", () => {
  it.each([
    [
      "each file by itself",
      `<FileData><File><FileName>a.exe</FileName><FileSize>7</FileSize></File><File><FileName>b.exe</FileName>${hash("#md5", MD5)}</File></FileData>`,
      [
        "[(file:name = 'a.exe' AND file:size = 7)]",
        `[(file:name = 'b.exe' AND file:hashes.MD5 = '${MD5}')]`.replace("MD5 =", "'MD5' ="),
      ],
    ],
    [
      "each key by itself, with its value",
      "<WindowsRegistryKeysModified><Key><KeyName>HKLM\\A</KeyName><KeyValue>1</KeyValue></Key><Key><KeyName>HKLM\\B</KeyName></Key></WindowsRegistryKeysModified>",
      [
        "[(windows-registry-key:key = 'HKEY_LOCAL_MACHINE\\\\A' AND windows-registry-key:values[*].data = '1')]",
        "regkey HKLM\\B",
      ],
    ],
    [
      "a digest that STIX has no kind for",
      `<FileData><File><FileName>svchost.exe</FileName>${hash("#sha384", SHA384)}</File></FileData>`,
      [`[(file:name = 'svchost.exe' AND file:hashes.'SHA-384' = '${SHA384}')]`],
    ],
    [
      "nothing of a file whose only digest no pattern says",
      `<FileData><File><FileName>svchost.exe</FileName>${hash("#whirlpool", "00")}</File></FileData>`,
      ["not-expressible"],
    ],
    [
      "nothing of a word of every object",
      "<FileData><File><FileName>a.exe</FileName><constructor>abc</constructor></File></FileData>",
      ["not-expressible"],
    ],
    [
      "the sender and the subject of one message",
      "<EmailData><EmailFrom>a@evil.example</EmailFrom><EmailSubject>Don't</EmailSubject></EmailData>",
      ["[(email-message:from_ref.value = 'a@evil.example' AND email-message:subject = 'Don\\'t')]"],
    ],
    [
      "a sender alone",
      "<EmailData><EmailFrom>a@evil.example</EmailFrom></EmailData>",
      ["email a@evil.example"],
    ],
    [
      "an address with its port",
      `<System>${node("192.0.2.1")}<Service ip-protocol="6"><Port>8080</Port></Service></System>`,
      [
        "[(network-traffic:dst_ref.value = '192.0.2.1' AND network-traffic:dst_port = 8080 AND network-traffic:protocols[*] = 'tcp')]",
      ],
    ],
  ])("looks for %s", async (_name, contents, expected) => {
    expect(await patterns(observable(contents))).toEqual(expected);
  });

  it.each([
    ["ipv4-net-mask", "192.0.2.0/255.255.255.0", "cidr4 192.0.2.0/24"],
    ["ipv6-net-mask", "2001:db8::/ffff:ffff::", "cidr6 2001:db8::/32"],
    ["file-hash", MD5, `md5 ${MD5}`],
    ["http-user-agent", "evil/1.0", "user-agent evil/1.0"],
    ["http-request-uri", "http://evil.example/a", "url http://evil.example/a"],
    [
      "http-request-uri",
      "/gate.php",
      "[network-traffic:extensions.'http-request-ext'.request_value = '/gate.php']",
    ],
    ["email-subject", "Pay now", "[email-message:subject = 'Pay now']"],
    ["email-x-mailer", "Bat", "[email-message:additional_header_fields.'X-Mailer' = 'Bat']"],
    ["user-name", "root", "[user-account:account_login = 'root']"],
    [
      "domain-to-ipv4",
      "evil.example, 192.0.2.1",
      "[(domain-name:value = 'evil.example' AND domain-name:resolves_to_refs[*].value = '192.0.2.1')]",
    ],
    [
      "domain-to-ipv6-timestamp",
      "evil.example, 2001:db8::1, 2026-01-01T00:00:00Z",
      "[(domain-name:value = 'evil.example' AND domain-name:resolves_to_refs[*].value = '2001:db8::1')]",
    ],
    [
      "ipv4-port",
      "192.0.2.1, 80, tcp",
      "[(network-traffic:dst_ref.value = '192.0.2.1' AND network-traffic:dst_port = 80 AND network-traffic:protocols[*] = 'tcp')]",
    ],
    ["constructor", "x", "not-an-indicator"],
    ["__proto__", "x", "not-an-indicator"],
    ["toString", "x", "not-an-indicator"],
  ])("reads a list of %s", async (type, line, expected) => {
    expect(await patterns(bulk(type, line))).toEqual([expected]);
  });

  it("takes two of one type in an expression for two observations", async () => {
    const both = ["192.0.2.1", "192.0.2.2"].map(
      (address) => `<Observable><Address category="ipv4-addr">${address}</Address></Observable>`,
    );
    const text = indicator(`<IndicatorExpression operator="and">${both.join("")}</IndicatorExpression>`);
    expect(await patterns(text)).toEqual([
      "([ipv4-addr:value = '192.0.2.1'] AND [ipv4-addr:value = '192.0.2.2'])",
    ]);
  });

  it.each(["constructor", "toString", "__proto__"])(
    "knows no algorithm, protocol or rating of %s",
    async (word) => {
      const text = documentOf(
        `<Assessment><Confidence rating="${word}"/></Assessment><EventData><Flow><System category="${word}">${node("192.0.2.1")}<Service ip-protocol="${word}"><Port>1</Port></Service></System></Flow></EventData><IndicatorData><Indicator><Observable><FileData><File>${hash(`#${word}`, "ab")}</File></FileData></Observable></Indicator></IndicatorData>`,
      );
      expect(await patterns(text)).toEqual(["ipv4 192.0.2.1", "not-expressible"]);
    },
  );
});

describe("long words in IODEF", () => {
  it.each([
    ["a network of colons", bulk("ipv6-net", ":".repeat(200_000))],
    ["a network of digits", bulk("ipv4-net", `${"1".repeat(200_000)}!`)],
    ["spaces between cells", bulk("ipv4-port", `192.0.2.1${" ".repeat(200_000)}x,80`)],
    ["an algorithm", observable(`<FileData>${hash(`${"a".repeat(200_000)}!`, MD5)}</FileData>`)],
    [
      "a list of ports",
      system("", `${node("192.0.2.1")}<Service><Port>${"1 ".repeat(100_000)}</Port></Service>`),
    ],
  ])("are read within a second: %s", async (_name, text) => {
    const { user } = process.cpuUsage();
    await collect(iodefReader, text);
    expect(process.cpuUsage().user - user).toBeLessThan(1_000_000);
  });
});

describe("systems of IODEF", () => {
  const traffic = async (text: string): Promise<object[]> =>
    objectsOf(await collect(iodefReader, text), "network-traffic");

  it.each([
    ["source", "src_port"],
    ["watchlist-source", "src_port"],
    ["watchlist-destination", "dst_port"],
    ["infrastructure", "dst_port"],
    ["target", "dst_port"],
  ])("puts the port of a %s at its %s", async (category, port) => {
    const text = system(
      `category="${category}"`,
      `${node("192.0.2.1")}<Service ip-protocol="6"><Port>443</Port></Service>`,
    );
    expect(await traffic(text)).toEqual([expect.objectContaining({ [port]: 443 })]);
  });

  it("looks for nobody whose address was forged, and says so", async () => {
    const text = system('category="source" spoofed="yes" interface="eth0"', node("192.0.2.1"));
    const { drafts, losses } = await collect(iodefReader, text);
    expect(drafts.filter((draft) => draft.kind === "value" && draft.as === "indicator")).toEqual([]);
    expect(losses.map(({ field }) => field)).toEqual(["spoofed", "interface"]);
  });

  it("takes no address of a name server for that of the system", async () => {
    const text = system(
      'category="source"',
      '<Node><DomainData system-status="x" domain-status="y"><Name>evil.example</Name><Nameservers><Server>ns.isp.example</Server><Address>198.51.100.53</Address></Nameservers></DomainData></Node>',
    );
    const collected = await collect(iodefReader, text);
    expect(new Set(valuesOf(collected))).toEqual(new Set(["domain evil.example"]));
    expect(collected.losses.map(({ field }) => field)).toContain("Nameservers");
  });

  it("tells of ports beyond the first 64, and of what is none", async () => {
    const text = system(
      'category="target"',
      `${node("192.0.2.1")}<Service ip-protocol="6"><Portlist>1-500,x</Portlist></Service>`,
    );
    const { losses } = await collect(iodefReader, text);
    expect(await traffic(text)).toHaveLength(64);
    expect(losses.map(({ reason }) => reason)).toEqual([
      "Only the first 64 of 500 ports are carried",
      "No port: x",
    ]);
  });

  it("tells incidents of one number by who gave it", async () => {
    const locals = await Promise.all(
      ["a.example", "b.example"].map(async (name) => {
        const id = `<IncidentID name="${name}">1</IncidentID>`;
        return (await collect(iodefReader, documentOf("", id))).drafts[0]?.local;
      }),
    );
    expect(new Set(locals).size).toBe(2);
  });
});
