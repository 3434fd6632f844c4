/** Epoch ms of `YYYY-MM-DD HH:MM:SS` or `YYYYMMDDHHMMSS` in the gateway's zone, of a time with its own zone, or of epoch ms; NaN where it is none. */
export function timeOf(text: string): number {
  const compact = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text)
  if (compact) {
    const [, year, month, day, hour, minute, second] = compact
    return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}`)
  }
  if (/^\d{13}$/.test(text)) return Number(text)
  return Date.parse(text.replace(/^(\d{4}-\d\d-\d\d) /, '$1T').replace(/([+-]\d\d)$/, '$1:00'))
}

/** `YYYY-MM-DD HH:MM:SS` in the gateway's own zone, which is the hospital's. `at` is epoch ms. */
export function localTime(at: number): string {
  const offset = new Date(at).getTimezoneOffset()
  return new Date(at - offset * 60_000).toISOString().slice(0, 19).replace('T', ' ')
}
