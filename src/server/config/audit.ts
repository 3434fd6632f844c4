import { z } from 'zod'
import { ClientTls } from './tls.ts'

/** The audit's copies: to the hospital's log server, and in sealed files. */
export const AuditConfig = z.strictObject({
  /** Syslog (RFC 5424) over TLS (RFC 5425) with mutual authentication; absent: nothing is shipped, and an alarm says so. */
  shipping: z
    .strictObject({
      host: z.string().min(1),
      port: z.int().min(1).max(65_535).default(6514),
      tls: ClientTls.required({ caFile: true, certificateFile: true, keyFile: true }),
      /** Nothing taken for so long, with something waiting, raises an alarm. */
      stalledAfterMinutes: z.number().min(0.01).max(1440).default(10),
    })
    .optional(),
  /** A checkpoint is signed after so many records or so long, whichever comes first. */
  checkpointRecords: z.int().min(1).max(100_000).default(1000),
  checkpointMinutes: z.number().min(0.01).max(1440).default(15),
  /**
   * For how many months a sealed file has to be here; six at the least (等保). A missing one is written anew and raises an alarm; none is
   * ever deleted by the product.
   */
  keepMonths: z.int().min(6).max(600).default(36),
})
export type AuditConfig = z.infer<typeof AuditConfig>

/** What the gateway's clock is held against. */
export const ClockConfig = z.strictObject({
  /** SNTP (RFC 4330) servers, `host` or `host:port`; the median of their answers counts. */
  servers: z.array(z.string().min(1)).max(8).default([]),
  everyMinutes: z.number().min(0.01).max(1440).default(15),
  /** A difference beyond this raises an alarm. */
  mostOffsetMs: z.int().min(10).max(3_600_000).default(1000),
})
