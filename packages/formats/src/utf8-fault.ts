/** What may stand second in a character, by its first byte (RFC 3629 §4); what begins none has nothing. */
function second(lead: number): readonly [least: number, most: number] | undefined {
  if (lead === 0xe0) return [0xa0, 0xbf];
  if (lead === 0xed) return [0x80, 0x9f];
  if (lead === 0xf0) return [0x90, 0xbf];
  if (lead === 0xf4) return [0x80, 0x8f];
  return lead >= 0xc2 && lead <= 0xf4 ? [0x80, 0xbf] : undefined;
}

/** Bytes of a character, by its first one. */
export function lengthOfCharacter(lead: number): number {
  return lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

/** Offset of the first character that is none in UTF-8, or that the bytes end within; undefined where all are. */
export function utf8Fault(bytes: Uint8Array): number | undefined {
  let at = 0;
  while (at < bytes.length) {
    const lead = bytes[at] ?? 0;
    if (lead < 0x80) {
      at += 1;
      continue;
    }
    const bounds = second(lead);
    if (bounds === undefined) return at;
    const length = lengthOfCharacter(lead);
    for (let n = 1; n < length; n += 1) {
      const [least, most] = n === 1 ? bounds : [0x80, 0xbf];
      const byte = bytes[at + n] ?? 0;
      if (byte < least || byte > most) return at;
    }
    at += length;
  }
  return undefined;
}
