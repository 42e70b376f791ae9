const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** True for a UUID in its canonical lower-case form, the only form in which callers may make ids (RFC 9562, section 4). */
export function isUuid(text: string): boolean {
  return uuid.test(text);
}
