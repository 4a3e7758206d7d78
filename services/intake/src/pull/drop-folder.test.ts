import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type DropFolder,
  listDropped,
  openDropFolder,
  putAway,
  readDropped,
  SETTLED_MS,
} from "./drop-folder.ts";

let root: string;
let folder: DropFolder;
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "suar drop "));
  mkdirSync(join(root, "SG-power-grid", "inbox"), { recursive: true });
  folder = await openDropFolder(root, "SG:power-grid", "inbox");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const drop = (name: string, content = "mail", at?: number): void => {
  writeFileSync(join(folder.path, name), content);
  if (at !== undefined) utimesSync(join(folder.path, name), at, at);
};
const later = () => Date.now() + SETTLED_MS + 1_000;
const list = async (now = later()) => (await listDropped(folder, now)).files.map(({ name }) => name);
const only = async () => {
  const [file] = (await listDropped(folder, later())).files;
  if (file === undefined) throw new Error("nothing was dropped");
  return file;
};

describe("a folder of dropped mail", () => {
  it("gives messages in the order in which they were dropped, and nothing else", async () => {
    drop("b.eml", "2", 1_700_000_002);
    drop("c.MBOX", "1", 1_700_000_001);
    drop("a.eml", "2", 1_700_000_002);
    drop(".hidden.eml");
    drop("a.eml.part");
    drop("note.txt");
    expect(await list()).toEqual(["c.MBOX", "a.eml", "b.eml"]);
  });

  it("lets a file settle, whatever time it says that it is of", async () => {
    drop("a.eml", "half", 1_000_000_000);
    expect(await listDropped(folder, Date.now())).toMatchObject({ files: [], isMore: true });
    expect(await listDropped(folder, later())).toMatchObject({ files: [{ name: "a.eml" }], isMore: false });
    // The clock of the machine that holds the folder is an hour ahead.
    expect(await list(Date.now() - 3_600_000)).toEqual(["a.eml"]);
  });

  it("does not read what was touched, replaced or made a link since it was listed", async () => {
    drop("a.eml");
    const touched = await only();
    writeFileSync(join(folder.path, "a.eml"), "more", { flag: "a" });
    expect(await readDropped(folder, touched)).toBeUndefined();
    const listed = await only();
    rmSync(join(folder.path, "a.eml"));
    expect(await readDropped(folder, listed)).toBeUndefined();
    writeFileSync(join(root, "other"), "secret");
    symlinkSync(join(root, "other"), join(folder.path, "a.eml"));
    expect(await readDropped(folder, listed)).toBeUndefined();
    expect((await only()).refused).toContain("links");
  });

  it("reads nothing of another folder that was put in its place", async () => {
    drop("a.eml");
    const listed = await only();
    renameSync(folder.path, join(root, "moved"));
    symlinkSync(join(root, "moved"), folder.path);
    expect(await readDropped(folder, listed)).toBeUndefined();
    await expect(openDropFolder(root, "SG:power-grid", "inbox")).rejects.toMatchObject({ code: "no-folder" });
  });

  it("refuses a file that has a name elsewhere", async () => {
    writeFileSync(join(root, "secret"), "secret");
    linkSync(join(root, "secret"), join(folder.path, "a.eml"));
    expect((await only()).refused).toContain("another name");
  });

  it("puts away beside what lies there, and through no link", async () => {
    const problem = { code: "empty", detail: "nothing", at: "2026-01-01T00:00:00Z" };
    for (const content of ["1", "2"]) {
      drop("a.eml", content);
      await putAway(folder, "a.eml");
      drop("b.eml", content);
      await putAway(folder, "b.eml", problem);
    }
    expect(readdirSync(join(folder.path, "done")).sort()).toEqual(["a.2.eml", "a.eml"]);
    const failed = ["b.2.eml", "b.2.eml.problem.json", "b.eml", "b.eml.problem.json"];
    expect(readdirSync(join(folder.path, "failed")).sort()).toEqual(failed);
    expect(JSON.parse(readFileSync(join(folder.path, "failed", failed[1] ?? ""), "utf8"))).toEqual(problem);
    const outside = join(root, "outside");
    writeFileSync(outside, "theirs");
    symlinkSync(outside, join(folder.path, "failed", "c.eml.problem.json"));
    drop("c.eml");
    await putAway(folder, "c.eml", problem);
    expect(readFileSync(outside, "utf8")).toBe("theirs");
    rmSync(join(folder.path, "done"), { recursive: true });
    mkdirSync(join(root, "elsewhere"));
    symlinkSync(join(root, "elsewhere"), join(folder.path, "done"));
    drop("d.eml");
    await expect(putAway(folder, "d.eml")).rejects.toMatchObject({ code: "no-folder" });
    expect(readdirSync(join(root, "elsewhere"))).toEqual([]);
  });

  it("puts away a name that is as long as a name may be, with its problem", async () => {
    const long = `${"ü".repeat(125)}.eml`;
    drop(long);
    expect(await list()).toEqual([long]);
    await putAway(folder, long, { code: "empty", detail: "nothing", at: "2026-01-01T00:00:00Z" });
    expect(readdirSync(folder.path)).toEqual(["failed"]);
    const [mail = "", problem] = readdirSync(join(folder.path, "failed")).sort();
    expect(mail).toMatch(/^ü{40}-[0-9a-f]{16}\.eml$/);
    expect(problem).toBe(`${mail}.problem.json`);
  });

  it("is not there, or is a link, or leads out", async () => {
    symlinkSync(root, join(root, "SG-power-grid", "linked"));
    for (const name of ["missing", "linked"])
      await expect(openDropFolder(root, "SG:power-grid", name)).rejects.toMatchObject({ code: "no-folder" });
    await expect(openDropFolder(root, "SG", "inbox")).rejects.toMatchObject({ code: "no-folder" });
  });
});
