import type { Organisation } from "@suar/contract";
import type { Command } from "commander";
import { rolesOf } from "../options/roles.ts";
import { noteClosing } from "../policy/closing.ts";
import { collect } from "../shell/collect.ts";
import { type Context, run } from "../shell/context.ts";
import { describe } from "../shell/describe-command.ts";
import { table } from "../shell/terminal.ts";

export function addMemberCommands(program: Command): void {
  const members = program
    .command("members")
    .description("the national CERTs; the operator removes and restores them");
  describe(members.command("list"), "list the members", "suar members list", "suar agencies list").action(
    run(listMembers),
  );
  describe(
    members.command("remove").argument("<code>", "TL"),
    "remove a member, its agencies and all their keys",
    "suar members remove TL --profile operator",
    "suar members restore TL",
  ).action(run((context, code: string) => showOne(context, (client) => client.identity.removeMember(code))));
  describe(
    members.command("restore").argument("<code>", "TL"),
    "take a removed member back, with what was removed together with it; its old keys stay revoked",
    "suar members restore TL --profile operator",
    "suar keys create --for TL --roles officer --label officer --profile operator",
  ).action(run((context, code: string) => showOne(context, (client) => client.identity.restoreMember(code))));
  describe(
    members
      .command("domains")
      .argument("<code>", "SG")
      .argument("[domains...]", "all of them; none: it has none any more"),
    "say which domains are a member's own: no blocklist holds them, nor what is below them",
    "suar members domains SG csa.example",
    "suar warninglists show members-domains",
  ).action(run(setDomains));
  const groups = program.command("groups").description("names for several members, such as ASEAN");
  describe(
    groups.command("list"),
    "list the groups, to which submissions and advisories can be addressed",
    "suar groups list",
    "suar submit FILE --tlp amber --to ASEAN",
  ).action(run(listGroups));
  addAgencyCommands(program);
  addPeopleCommands(program);
}

async function setDomains(context: Context, code: string, domains: string[]): Promise<undefined> {
  const set = await (await context.client()).identity.setMemberDomains(code, domains);
  await context.terminal.show(set, () => `${set.code}: ${set.domains.join(", ") || "none"}`);
  return undefined;
}

function addAgencyCommands(program: Command): void {
  const agencies = program.command("agencies").description("ministries, banks and operators under your CERT");
  describe(
    agencies.command("list"),
    "list the agencies of your member",
    "suar agencies list",
    "suar agencies add",
  ).action(run(listAgencies));
  const add = agencies
    .command("add")
    .argument("<code>", "short name: power-grid")
    .requiredOption("--name <text>", "its name")
    .requiredOption("--sector <text>", "its sector");
  describe(
    add,
    "add an agency to your member",
    'suar agencies add power-grid --name "Power Grid" --sector energy',
    "suar keys create --for SG:power-grid --roles subscriber --label feed",
  ).action(
    run((context, code: string, { name, sector }: { name: string; sector: string }) =>
      showOne(context, (client) => client.identity.createAgency({ code, name, sector })),
    ),
  );
  describe(
    agencies.command("remove").argument("<code>", "SG:power-grid"),
    "remove an agency and its people, and revoke its keys",
    "suar agencies remove SG:power-grid",
    "suar agencies list",
  ).action(run((context, code: string) => showOne(context, (client) => client.identity.removeAgency(code))));
}

type NewPerson = { email?: string; roles: string; for?: string };

function addPeopleCommands(program: Command): void {
  const people = program
    .command("people")
    .description("people of your member, who sign in by one-time links");
  describe(people.command("list"), "list them", "suar people list", "suar people sign-in-link ID").action(
    run(listPeople),
  );
  const add = people
    .command("add")
    .argument("<title>", "name or function")
    .requiredOption("--roles <list>", "analyst, subscriber, coordinator, officer")
    .option("--email <address>", "address")
    .option("--for <code>", "organisation");
  describe(
    add,
    "add a person",
    'suar people add "duty officer" --roles analyst',
    "suar people sign-in-link ID",
  ).action(run(addPerson));
  describe(
    people.command("remove").argument("<id>", "the person"),
    "remove a person, with links and sessions",
    "suar people remove ID",
    "suar people list",
  ).action(
    run(async (context, id: string) => {
      const person = await (await context.client()).identity.removePerson(id);
      await context.terminal.show(person, () => `${person.title} (${person.id}) ${person.status}`);
      return undefined;
    }),
  );
  describe(
    people.command("sign-in-link").argument("<id>", "the person"),
    "make a one-time sign-in link, good for 15 minutes",
    "suar people sign-in-link ID",
    "suar login --link LINK",
  ).action(
    run(async (context, id: string) => {
      const link = await (await context.client()).identity.createSignInLink(id);
      await context.terminal.show(link, () => link.link);
      context.terminal.note(
        `good once, until ${link.expiresAt}; on a command line: suar login --link ${link.token}`,
      );
      return undefined;
    }),
  );
}

async function showOne(
  context: Context,
  change: (client: Awaited<ReturnType<Context["client"]>>) => Promise<Organisation & { closing?: boolean }>,
): Promise<undefined> {
  const organisation = await change(await context.client());
  await context.terminal.show(
    organisation,
    () => `${organisation.code} (${organisation.name}) ${organisation.status}`,
  );
  noteClosing(context, organisation);
  return undefined;
}

async function listMembers(context: Context): Promise<undefined> {
  const members = await collect((await context.client()).identity.members());
  await context.terminal.show(members, () =>
    table(
      ["code", "name", "languages", "status"],
      members.map(({ code, name, languages, status, confirmed }) => [
        code,
        name,
        languages.join(","),
        confirmed ? status : `${status}, unconfirmed`,
      ]),
    ),
  );
  return undefined;
}

async function listGroups(context: Context): Promise<undefined> {
  const groups = await collect((await context.client()).identity.groups());
  await context.terminal.show(groups, () =>
    table(
      ["code", "name", "members"],
      groups.map(({ code, name, members }) => [code, name, members.join(",")]),
    ),
  );
  return undefined;
}

async function listAgencies(context: Context): Promise<undefined> {
  const agencies = await collect((await context.client()).identity.agencies());
  await context.terminal.show(agencies, () =>
    table(
      ["code", "name", "sector", "status"],
      agencies.map(({ code, name, sector, status }) => [code, name, sector, status]),
    ),
  );
  return undefined;
}

async function listPeople(context: Context): Promise<undefined> {
  const people = await collect((await context.client()).identity.people());
  await context.terminal.show(people, () =>
    table(
      ["id", "organisation", "title", "roles", "status"],
      people.map((one) => [one.id, one.organisation, one.title, one.roles.join(","), one.status]),
    ),
  );
  return undefined;
}

async function addPerson(context: Context, title: string, options: NewPerson): Promise<undefined> {
  const client = await context.client();
  const person = await client.identity.createPerson({
    title,
    email: options.email,
    roles: rolesOf(options.roles),
    organisation: options.for,
  });
  await context.terminal.show(person, () => `${person.id}  ${person.title}`);
  context.terminal.next(`suar people sign-in-link ${person.id}`);
  return undefined;
}
