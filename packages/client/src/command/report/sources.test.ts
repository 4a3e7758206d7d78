import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { answers, at, closeFixture, id, openFixture, suar, url } from "../../testing/command-fixture.ts";

beforeEach(openFixture);
afterEach(closeFixture);

describe("suar sources", () => {
  const source = {
    id,
    kind: "taxii",
    name: "theirs",
    url: "https://taxii.example/",
    folder: null,
    format: null,
    collection: null,
    found: null,
    credential: "basic",
    tlp: "green",
    to: null,
    purpose: null,
    noForward: false,
    releasableTo: null,
    everySeconds: 300,
    state: "disabled",
    stateReason: "refused",
    problem: { code: "unauthorized", detail: "no", at },
    failures: 3,
    nextAt: null,
    lastPullAt: at,
    lastSuccessAt: null,
    addedUpTo: null,
    objects: 7,
    returned: 0,
    leftOut: 2,
    troubles: [],
    untaken: 0,
    lastSubmission: null,
    createdAt: at,
  };

  it("adds one with its secret from the environment", async () => {
    let sent: any;
    answers["POST /v1/sources"] = (body) => {
      sent = JSON.parse(body);
      return { status: 201, body: source };
    };
    const added = await suar(
      [
        "sources",
        "add",
        "taxii.example",
        "--user",
        "me",
        "--tlp",
        "green",
        "--every",
        "300",
        "--collection",
        "c",
      ],
      { SUAR_URL: url, SUAR_KEY: "suar_key", SUAR_TAXII_SECRET: "hush" },
    );
    expect(added, added.stderr).toMatchObject({ code: 0 });
    expect(sent).toEqual({
      url: "https://taxii.example/",
      everySeconds: 300,
      collection: "c",
      credential: { user: "me", secret: "hush" },
      tlp: "green",
    });
    expect(added.stdout + added.stderr).not.toContain("hush");
    expect(await suar(["sources", "add", "taxii.example", "--every", "5"])).toMatchObject({ code: 2 });
  });

  it.each([
    [
      ["add-feed", "https://misp.example/feed/", "--after", at, "--to", "TH"],
      { kind: "misp", url: "https://misp.example/feed/", after: at, to: "TH" },
    ],
    [
      ["add-url", "lists.example/bad.txt", "--format", "text"],
      { kind: "url", url: "https://lists.example/bad.txt", format: "text" },
    ],
    [["add-mailbox", "inbox", "--name", "phish"], { kind: "mailbox", folder: "inbox", name: "phish" }],
  ])("adds one of another kind: %s", async (args, expected) => {
    let sent: any;
    answers["POST /v1/sources"] = (body) => {
      sent = JSON.parse(body);
      const { kind, url = null, folder = null, format = null } = sent;
      return { status: 201, body: { ...source, kind, url, folder, format, returned: 3 } };
    };
    const added = await suar(["sources", ...args]);
    expect(added, added.stderr).toMatchObject({ code: 0 });
    expect(sent).toEqual({ everySeconds: 900, ...expected });
    expect(added.stdout).toMatch(/objects +7, of which 3 had come from here and 2 were left out/);
  });

  it("refuses a format that there is not, before it asks", async () => {
    const refused = await suar(["sources", "add-url", "lists.example/x", "--format", "pdf"]);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("--format is one of") });
  });

  it("lists, shows and changes them", async () => {
    answers["GET /v1/sources"] = { status: 200, body: { items: [source] } };
    answers[`GET /v1/sources/${id}`] = { status: 200, body: source };
    for (const name of ["pause", "resume", "pull"])
      answers[`POST /v1/sources/${id}/${name}`] = { status: 200, body: { ...source, stateReason: name } };
    answers[`DELETE /v1/sources/${id}`] = { status: 204, body: undefined };
    expect((await suar(["sources", "list"])).stdout).toContain("refused");
    expect((await suar(["sources", "show", id])).stdout).toMatch(/problem +no \(unauthorized, 3 in a row\)/);
    for (const [name, told] of [
      ["pause", "pause"],
      ["resume", "resume"],
      ["now", "pull"],
    ] as const)
      expect(JSON.parse((await suar(["sources", name, id, "--json"])).stdout).stateReason).toBe(told);
    expect(await suar(["sources", "remove", id])).toMatchObject({
      code: 0,
      stdout: `source ${id} removed\n`,
    });
  });
});
