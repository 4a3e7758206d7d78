import type { Command } from "commander";
import { collect } from "../shell/collect.ts";
import { type Context, run } from "../shell/context.ts";
import { describe } from "../shell/describe-command.ts";
import { table } from "../shell/terminal.ts";

/** Whom TLP:RED can be sent to. */
export function addContactCommands(program: Command): void {
  const contacts = program.command("contacts").description("people to whom TLP:RED can be sent");
  describe(
    contacts.command("list"),
    "list those of all members",
    "suar contacts list",
    "suar submit FILE --tlp red --to person:ID",
  ).action(run(list));
  describe(
    contacts
      .command("publish")
      .argument("<id>", "a person of your member")
      .requiredOption("--title <text>", "name or function, as others will see it"),
    "let others send TLP:RED to a person of your member",
    'suar contacts publish ID --title "duty officer"',
    "suar contacts list",
  ).action(run(publish));
  describe(
    contacts.command("end").argument("<id>", "the person"),
    "end that, and close the person's inbox for good",
    "suar contacts end ID",
    "suar contacts list",
  ).action(run(end));
}

async function list(context: Context): Promise<undefined> {
  const contacts = await collect((await context.client()).identity.contacts());
  await context.terminal.show(contacts, () =>
    table(
      ["person", "organisation", "title"],
      contacts.map(({ person, organisation, title }) => [person, organisation, title]),
    ),
  );
  return undefined;
}

async function publish(context: Context, id: string, { title }: { title: string }): Promise<undefined> {
  const contact = await (await context.client()).identity.publishContact(id, title);
  await context.terminal.show(contact, () => `${contact.person}  ${contact.organisation}  published`);
  return undefined;
}

async function end(context: Context, id: string): Promise<undefined> {
  await (await context.client()).identity.endContact(id);
  await context.terminal.show({ person: id, ended: true }, () => `${id} is no contact any more`);
  return undefined;
}
