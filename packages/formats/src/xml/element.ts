/** An element with what it holds; names and attributes are without their prefixes. */
export type Element = {
  name: string;
  namespace: string;
  attributes: Readonly<Record<string, string>>;
  children: Element[];
  /** Its own text, without that of what it holds. */
  text: string;
  line: number;
};

export function childrenOf({ children }: Element, name: string): Element[] {
  return children.filter((child) => child.name === name);
}

export function childOf(element: Element, name: string): Element | undefined {
  return element.children.find((child) => child.name === name);
}

/** The text of a child, trimmed; nothing where there is none. */
export function childText(element: Element, name: string): string | undefined {
  const child = childOf(element, name);
  return child === undefined ? undefined : plainText(child);
}

export function plainText({ text }: Element): string | undefined {
  const plain = text.trim();
  return plain === "" ? undefined : plain.toWellFormed();
}

/** The texts of all children of a name. */
export function textsOf(element: Element, name: string): string[] {
  return childrenOf(element, name).flatMap((child) => plainText(child) ?? []);
}

/** All elements within one, itself first, in the order of the document. */
export function* within(element: Element): Generator<Element> {
  const waiting = [element];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    yield next;
    for (const child of [...next.children].reverse()) waiting.push(child);
  }
}

export function lineOf({ line }: Element): string {
  return `line ${line}`;
}
