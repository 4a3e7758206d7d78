import { type Role, routes } from "@suar/contract";
import type { Caller } from "../call.ts";
import { pages } from "../pages.ts";

type OwnRole = Exclude<Role, "operator">;

/** Members, agencies, people and keys. */
export class Identity {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  whoAmI() {
    return this.#caller.call(routes.whoAmI, {});
  }

  members() {
    return pages((after) => this.#caller.call(routes.listMembers, { query: { after } }));
  }

  removeMember(code: string) {
    return this.#caller.call(routes.removeMember, { params: { code } });
  }

  restoreMember(code: string) {
    return this.#caller.call(routes.restoreMember, { params: { code } });
  }

  /** Which domains are a member's own: no blocklist holds them, nor what is below them. */
  setMemberDomains(code: string, domains: string[]) {
    return this.#caller.call(routes.setMemberDomains, { params: { code }, body: { domains } });
  }

  groups() {
    return pages((after) => this.#caller.call(routes.listGroups, { query: { after } }));
  }

  agencies() {
    return pages((after) => this.#caller.call(routes.listAgencies, { query: { after } }));
  }

  createAgency(agency: { code: string; name: string; sector: string }) {
    return this.#caller.call(routes.createAgency, { body: agency });
  }

  removeAgency(code: string) {
    return this.#caller.call(routes.removeAgency, { params: { code } });
  }

  keys() {
    return pages((after) => this.#caller.call(routes.listKeys, { query: { after } }));
  }

  /** The answer holds the key, which is shown once. */
  createKey(key: {
    organisation?: string | undefined;
    roles: OwnRole[];
    label: string;
    days?: number | undefined;
    /** It acts on its own word, once an officer of another member has confirmed that somebody else holds it. */
    secondPerson?: boolean | undefined;
  }) {
    return this.#caller.call(routes.createKey, { body: key });
  }

  /** Of another member, where it waits: once that member itself, or the second person, says whose the key is. */
  confirmKey(id: string) {
    return this.#caller.call(routes.confirmKey, { params: { id } });
  }

  revokeKey(id: string) {
    return this.#caller.call(routes.revokeKey, { params: { id } });
  }

  people() {
    return pages((after) => this.#caller.call(routes.listPeople, { query: { after } }));
  }

  createPerson(person: {
    organisation?: string | undefined;
    title: string;
    email?: string | undefined;
    roles: OwnRole[];
  }) {
    return this.#caller.call(routes.createPerson, { body: person });
  }

  removePerson(id: string) {
    return this.#caller.call(routes.removePerson, { params: { id } });
  }

  /** Those of all members to whom TLP:RED can be sent. */
  contacts() {
    return pages((after) => this.#caller.call(routes.listContacts, { query: { after } }));
  }

  publishContact(id: string, title: string) {
    return this.#caller.call(routes.publishContact, { params: { id }, body: { title } });
  }

  /** Closes the inbox for good. */
  endContact(id: string) {
    return this.#caller.call(routes.endContact, { params: { id } });
  }

  /** A one-time sign-in link, good for 15 minutes. */
  createSignInLink(id: string) {
    return this.#caller.call(routes.createSignInLink, { params: { id } });
  }

  /** Exchanges a one-time token for a session key. */
  signIn(token: string) {
    return this.#caller.call(routes.signIn, { body: { token } });
  }
}
