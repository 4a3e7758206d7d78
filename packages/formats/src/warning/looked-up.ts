import { domainToUnicode } from "node:url";
import { isAddressKind, type ObservableValue } from "@suar/stix";
import { type Digest, digestOf } from "./digest-set.ts";
import { type Network, networkOf } from "./network.ts";

/**
 * A value as lists look it up, in whatever form their type needs: each form is worked out once, for however many lists. Case
 * tells nothing apart, in no list.
 */
export class LookedUp {
  readonly value: ObservableValue;
  #host: string | undefined;
  #digest: Digest | undefined;
  #suffixes: readonly Digest[] | undefined;
  #network: Network | null | undefined;
  #texts: readonly string[] | undefined;

  constructor(value: ObservableValue) {
    this.value = value;
  }

  /** The name or address that it leads to, in lower case; an address without brackets. */
  get host(): string {
    this.#host ??= hostOf(this.value);
    return this.#host;
  }

  get digest(): Digest {
    this.#digest ??= digestOf(folded(this.value.value));
    return this.#digest;
  }

  /** Of its host's name, and of every name above it. */
  get suffixes(): readonly Digest[] {
    this.#suffixes ??= suffixesOf(this.host).map(digestOf);
    return this.#suffixes;
  }

  /** Its address or network, or that of its host; null where it has none. */
  get network(): Network | null {
    if (this.#network === undefined) this.#network = this.#readNetwork() ?? null;
    return this.#network;
  }

  #readNetwork(): Network | undefined {
    const { kind } = this.value;
    return isAddressKind(kind) || kind === "url" ? networkOf(this.host) : undefined;
  }

  /** As it is, and as people read it where it is an internationalized name (RFC 5891). */
  get texts(): readonly string[] {
    const { value } = this.value;
    this.#texts ??= /xn--/i.test(value) ? [value, value.replace(A_LABELS, shown)] : [value];
    return this.#texts;
  }
}

const A_LABELS = /[\p{L}\p{N}.-]*xn--[\p{L}\p{N}.-]*/giu;

function shown(name: string): string {
  return domainToUnicode(name) || name;
}

/** One spelling of a text, in which lists and values are compared. */
export function folded(text: string): string {
  return text.normalize("NFC").toLowerCase();
}

function hostOf({ kind, value }: ObservableValue): string {
  if (kind === "email") return value.slice(value.lastIndexOf("@") + 1);
  if (kind !== "url") return value;
  const name = URL.parse(value)?.hostname.toLowerCase() ?? "";
  return name.startsWith("[") ? name.slice(1, -1) : name.replace(/\.$/, "");
}

function suffixesOf(name: string): string[] {
  const suffixes = [name];
  for (let dot = name.indexOf("."); dot >= 0; dot = name.indexOf(".", dot + 1))
    suffixes.push(name.slice(dot + 1));
  return suffixes;
}
