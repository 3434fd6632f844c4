/**
 * An HL7 time (v2.5.1 2.A.77: `YYYY[MM[DD[HH[MM[SS[.S[S[S[S]]]]]]]]][+/-ZZZZ]`) as epoch ms; null where it is none.
 * Without a zone it is `zoneMinutes` east of UTC, or the gateway's local time where that is null.
 */
export function parseTime(text: string, zoneMinutes: number | null): number | null {
  const parts =
    /^(\d{4})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:\.(\d{1,4}))?)?)?)?)?)?([+-]\d{4})?$/.exec(
      text,
    )
  if (!parts) return null
  const [year, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts
    .slice(1, 7)
    .map((part) => (part === undefined ? undefined : Number(part)))
  const ms = parts[7] ? Math.floor(Number(`0.${parts[7]}`) * 1000) : 0
  const utc = Date.UTC(year!, month - 1, day, hour, minute, second, ms)
  const said = new Date(utc)
  const exists =
    said.getUTCMonth() === month - 1 && said.getUTCDate() === day && hour < 24 && minute < 60 && second < 60
  if (!exists || year! < 1850) return null
  const zone = parts[8] === undefined ? zoneMinutes : zoneOf(parts[8])
  if (zone === null) return new Date(year!, month - 1, day, hour, minute, second, ms).getTime()
  return utc - zone * 60_000
}

/** `+0800`, or `+08:00` as configurations write it, in minutes east of UTC. */
export function zoneOf(text: string): number {
  const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(-2))
  return text.startsWith('-') ? -minutes : minutes
}
