/** The CN of a distinguished name (`CN=张明, O=…`), as that is what people know; the whole name where it has none. */
export function commonName(distinguishedName: string): string {
  return /(?:^|[,+/]\s*)CN=([^,+/]+)/i.exec(distinguishedName)?.[1]?.trim() ?? distinguishedName
}
