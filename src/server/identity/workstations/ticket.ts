import { isIPv6 } from 'node:net'

/** What IT hands to a workstation; see `EnrolmentTicket`. */
export function ticketText(parts: { host: string; port: number; code: string; pin: string }): string {
  const host = isIPv6(parts.host) ? `[${parts.host}]` : parts.host
  return `${host}:${parts.port}/${parts.code}/${parts.pin}`
}
