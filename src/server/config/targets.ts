import { z } from 'zod'
import { CodeTables } from './codes.ts'
import { ClientTls } from './tls.ts'

const seconds = (most: number) => z.number().min(0.05).max(most)
const label = z.string().max(20)

/** An address over HTTP(S), without credentials: those are in files. */
const address = z
  .url({ protocol: /^https?$/ })
  .max(500)
  .refine((url) => {
    const { username, password } = new URL(url)
    return username === '' && password === ''
  }, 'credentials do not belong in an address: name a file')

/** Asking for answers, where the other side does not bring them. */
const poll = z.strictObject({ everySeconds: seconds(3600).default(30) })

/** What every target has. */
const common = {
  name: z.string().regex(/^[a-z0-9-]{1,32}$/),
  /** Messages in flight at the same time; those of one patient still go one after another. */
  connections: z.int().min(1).max(16).default(4),
  /** Delay before the second attempt; doubled each time up to the maximum. */
  retrySeconds: seconds(600).default(5),
  retryMaximumSeconds: seconds(3600).default(300),
  /** So many attempts in a row without any answer, and the target is left alone for a while; then one message tries. */
  circuit: z
    .strictObject({
      failures: z.int().min(1).max(1000).default(5),
      coolDownSeconds: seconds(3600).default(15),
    })
    .prefault({}),
  /** After so many attempts a message is a dead letter. Left out: never, because losing an alert is worse. */
  giveUpAfter: z.int().min(1).max(100_000).optional(),
  codes: CodeTables.prefault({}),
}
const timeoutSeconds = seconds(120).default(10)

/** An HL7 v2 MLLP receiver of critical-value messages (ORU^R01). */
const Hl7Target = z.strictObject({
  ...common,
  kind: z.literal('hl7-mllp'),
  host: z.string().min(1),
  port: z.int().min(1).max(65_535),
  tls: ClientTls.optional(),
  charset: z.enum(['utf-8', 'gb18030']).default('utf-8'),
  sendingApplication: label.default('VIGIL'),
  sendingFacility: label.default('RADIOLOGY'),
  receivingApplication: label.default('CRITICAL'),
  receivingFacility: label.default('HIS'),
  /** How long to wait for the application acknowledgement. */
  ackTimeoutSeconds: z.number().min(1).max(120).default(10),
})
export type Hl7Target = z.infer<typeof Hl7Target>

/** Where in an answer a value is: element names (without prefixes) joined by `/`; `xml()` reads the text there as XML. */
export const xmlPath = z
  .string()
  .max(300)
  .regex(/^[^/\s]+(\/[^/\s]+)*$/, 'element names joined by /')
/** Where each fact of an answer is, below its element. */
export const xmlReplyFields = z
  .strictObject({
    id: xmlPath.default('id'),
    alertId: xmlPath.default('alertId'),
    step: xmlPath.default('step'),
    byId: xmlPath.default('byId'),
    byName: xmlPath.default('byName'),
    role: xmlPath.default('role'),
    readBack: xmlPath.default('readBack'),
    measure: xmlPath.default('measure'),
    opinion: xmlPath.default('opinion'),
    at: xmlPath.default('at'),
  })
  .prefault({})
/** The other side's codes to ours. */
export const xmlReplyValues = z
  .strictObject({
    step: z.record(z.string(), z.enum(['received', 'handled'])).default({}),
    role: z.record(z.string(), z.enum(['nurse', 'doctor', 'other'])).default({}),
    readBack: z.record(z.string(), z.boolean()).default({}),
  })
  .prefault({})
const soapCall = (file: string) =>
  z.strictObject({
    /** XML with placeholders. */
    template: z.string().default(`soap/${file}.xml`),
    /** SOAPAction. */
    action: z.string().max(300).default(''),
  })

/** A SOAP 1.1 or 1.2 web service. */
const SoapTarget = z.strictObject({
  ...common,
  kind: z.literal('soap'),
  url: address,
  tls: ClientTls.optional(),
  timeoutSeconds,
  version: z.enum(['1.1', '1.2']).default('1.1'),
  charset: z.enum(['utf-8', 'gb18030']).default('utf-8'),
  auth: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('basic'), username: z.string().min(1), passwordFile: z.string() }),
      z.strictObject({
        kind: z.literal('header'),
        name: z.string().regex(/^[A-Za-z0-9-]{1,60}$/),
        valueFile: z.string(),
      }),
    ])
    .optional(),
  calls: z
    .strictObject({
      notice: soapCall('notice').prefault({}),
      cancel: soapCall('cancel').prefault({}),
      escalation: soapCall('escalation').prefault({}),
      reroute: soapCall('reroute').prefault({}),
    })
    .prefault({}),
  result: z
    .strictObject({
      path: xmlPath.default('Envelope/Body/CriticalValueResponse/resultCode'),
      success: z.array(z.string().max(80)).min(1).default(['0']),
      /** Codes that repeating cannot mend. */
      refused: z.array(z.string().max(80)).default([]),
      text: xmlPath.default('Envelope/Body/CriticalValueResponse/resultText'),
    })
    .prefault({}),
  poll: poll
    .extend({
      call: soapCall('replies').prefault({}),
      /** The repeating element; the fields are below it. */
      list: xmlPath.default('Envelope/Body/CriticalValueRepliesResponse/reply'),
      fields: xmlReplyFields,
      values: xmlReplyValues,
    })
    .optional(),
})
export type SoapTarget = z.infer<typeof SoapTarget>

/** A FHIR R4 server. */
const FhirTarget = z.strictObject({
  ...common,
  kind: z.literal('fhir'),
  /** The service base, e.g. `https://his.example/fhir`. */
  url: address,
  tls: ClientTls.optional(),
  timeoutSeconds,
  /** Holds the bearer token, mode 0600; read anew for each message. */
  tokenFile: z.string().optional(),
  /** Identifier systems: URIs that the other side knows the identifiers by. */
  systems: z
    .strictObject({
      alert: z.string().default('urn:vigil:alert'),
      message: z.string().default('urn:vigil:message'),
      patient: z.string().default('urn:vigil:patient'),
      visit: z.string().default('urn:vigil:visit'),
      accession: z.string().default('urn:vigil:accession'),
      application: z.string().default('urn:vigil:application'),
      report: z.string().default('urn:vigil:report'),
      recipient: z.string().default('urn:vigil:recipient'),
      type: z.string().default('urn:vigil:critical-value-type'),
      level: z.string().default('urn:vigil:critical-value-level'),
      step: z.string().default('urn:vigil:critical-value-step'),
    })
    .prefault({}),
  poll: poll.optional(),
})
export type FhirTarget = z.infer<typeof FhirTarget>

/** A name as PostgreSQL takes it between quotes: at most 63 bytes. */
const identifier = z
  .string()
  .regex(/^[\p{L}_][\p{L}\p{N}_$]*$/u, 'letters, digits, _ and $ only')
  .refine((name) => new TextEncoder().encode(name).length <= 63, 'longer than 63 bytes')

/** An intermediate table (中间表) in a PostgreSQL database that the other side reads. */
const TableTarget = z.strictObject({
  ...common,
  kind: z.literal('table'),
  host: z.string().min(1),
  port: z.int().min(1).max(65_535).default(5432),
  database: z.string().min(1).max(63),
  user: z.string().min(1).max(63),
  passwordFile: z.string().optional(),
  tls: ClientTls.optional(),
  timeoutSeconds,
  schema: identifier.default('public'),
  table: identifier.default('critical_value'),
  /** Fact to column: left out, the columns of assets/interfaces/table/critical_value.sql. */
  columns: z.record(z.string(), identifier).optional(),
  /** Left out, a row is delivered once it is there. */
  acknowledgement: z
    .strictObject({
      column: identifier.default('status'),
      success: z.array(z.string()).min(1).default(['1']),
      refused: z.array(z.string()).default(['9']),
    })
    .optional(),
  poll: poll
    .extend({
      schema: identifier.default('public'),
      table: identifier.default('critical_value_reply'),
      columns: z
        .strictObject({
          id: identifier.default('reply_id'),
          alertId: identifier.default('alert_id'),
          step: identifier.default('step'),
          byId: identifier.default('by_id'),
          byName: identifier.default('by_name'),
          role: identifier.default('role'),
          readBack: identifier.default('read_back'),
          measure: identifier.default('measure'),
          opinion: identifier.default('opinion'),
          at: identifier.default('at'),
        })
        .prefault({}),
    })
    .optional(),
})
export type TableTarget = z.infer<typeof TableTarget>

/** JSON over HTTP(S), signed. */
const WebhookTarget = z.strictObject({
  ...common,
  kind: z.literal('webhook'),
  url: address,
  tls: ClientTls.optional(),
  timeoutSeconds,
  /** Holds the key of the HMAC, mode 0600. */
  secretFile: z.string(),
  poll: poll.extend({ url: address }).optional(),
})
export type WebhookTarget = z.infer<typeof WebhookTarget>

export const CriticalTarget = z.discriminatedUnion('kind', [
  Hl7Target,
  SoapTarget,
  FhirTarget,
  TableTarget,
  WebhookTarget,
])
export type CriticalTarget = z.infer<typeof CriticalTarget>
