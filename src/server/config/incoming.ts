import { z } from 'zod'
import { Sensitivity } from '../../shared/access/index.ts'
import { AllowedPeers, ServerTls } from './tls.ts'

/** An MLLP listener that a hospital system sends to. */
export const mllpListener = {
  name: z.string().regex(/^[a-z0-9-]{1,32}$/),
  host: z.string().min(1).default('127.0.0.1'),
  port: z.int().min(0).max(65_535),
  tls: ServerTls.optional(),
  peers: AllowedPeers,
  /** Of messages whose MSH-18 is empty. */
  charset: z.enum(['utf-8', 'gb18030']).default('utf-8'),
  connections: z.int().min(1).max(500).default(50),
  largestMessageKb: z.int().min(1).max(16_384).default(1024),
  idleSeconds: z.number().min(0.1).max(86_400).default(3600),
  /** For one message from its first byte to its last. */
  messageSeconds: z.number().min(0.1).max(600).default(30),
}
export const MllpListenerConfig = z.strictObject(mllpListener)
export type MllpListenerConfig = z.infer<typeof MllpListenerConfig>

/** A place in a message: `PID-3`, `PV1-3.1`, `OBR-15.4.2`. */
const place = z
  .string()
  .regex(/^[A-Z][A-Z0-9]{2}-\d{1,3}(\.\d{1,3}(\.\d{1,3})?)?$/, 'a place in a message is written PV1-3.1')
/** Places, the first of which that says something counts. */
const places = z.array(place).max(8)
/** Their code to our value. `''` is what an empty field means, `'*'` what any code means that is not named. */
const codes = <T extends z.ZodType>(value: T) => z.record(z.string().max(40), value)

/** Where each fact stands in this hospital's messages, where it is not where it stands by default. */
const fields = z.strictObject(
  Object.fromEntries(
    [
      'accessionNumber',
      'applicationNumber',
      'studyInstanceUid',
      'sex',
      'birthDate',
      'age',
      'patientClass',
      'visitNumber',
      'ward',
      'bed',
      'phone',
      'itemCode',
      'itemName',
      'bodyPart',
      'modality',
      'priority',
      'orderingDoctor',
      'orderingDepartment',
      'clinicalInfo',
      'orderedAt',
      'scheduledAt',
      'sensitivity',
    ].map((name) => [name, places.optional()] as const),
  ) as Record<OrderFeedField, z.ZodOptional<typeof places>>,
)
export type OrderFeedField =
  | 'accessionNumber'
  | 'applicationNumber'
  | 'studyInstanceUid'
  | 'sex'
  | 'birthDate'
  | 'age'
  | 'patientClass'
  | 'visitNumber'
  | 'ward'
  | 'bed'
  | 'phone'
  | 'itemCode'
  | 'itemName'
  | 'bodyPart'
  | 'modality'
  | 'priority'
  | 'orderingDoctor'
  | 'orderingDepartment'
  | 'clinicalInfo'
  | 'orderedAt'
  | 'scheduledAt'
  | 'sensitivity'

/** Orders and patient changes of a HIS, an RIS or an integration platform: ORM^O01, OMI^O23, ADT. */
export const OrderFeedConfig = z.strictObject({
  ...mllpListener,
  /** MSH-11: messages of another environment are refused. */
  processingId: z.enum(['P', 'T', 'D']).default('P'),
  /** Of times without a zone, as `+08:00`; the gateway's own where it is left out. */
  zone: z
    .string()
    .regex(/^[+-]\d{2}:\d{2}$/)
    .optional(),
  /** Which of several identifiers (PID-3, MRG-1) is the patient id of images and orders: its type (CX-5), its authority (CX-4). */
  patientId: z
    .strictObject({ type: z.string().max(20).optional(), authority: z.string().max(60).optional() })
    .prefault({}),
  fields: fields.prefault({}),
  codes: z
    .strictObject({
      /** ORC-1 */
      orderControl: codes(z.enum(['new', 'change', 'cancel', 'ignore'])).default({}),
      sex: codes(z.enum(['M', 'F', 'O'])).default({}),
      patientClass: codes(z.enum(['emergency', 'inpatient', 'outpatient', 'checkup'])).default({}),
      priority: codes(z.enum(['stat', 'routine'])).default({}),
      modality: codes(z.string().min(1).max(16)).default({}),
      /** Confidentiality (ORC-28) and VIP indicator (PV1-16). A code that no table names counts as `sensitive`. */
      sensitivity: codes(Sensitivity).default({}),
      /** Names of departments and wards, where messages bring codes only. */
      department: codes(z.string().min(1).max(40)).default({}),
      ward: codes(z.string().min(1).max(40)).default({}),
    })
    .prefault({}),
})
export type OrderFeedConfig = z.infer<typeof OrderFeedConfig>

/** The configuration of a listener with the files of its TLS made absolute. */
export function withAbsoluteTls<T extends { tls?: ServerTls | undefined }>(
  listener: T,
  at: (path: string) => string,
): T {
  if (!listener.tls) return listener
  const { certificateFile, keyFile, clientCaFile } = listener.tls
  const tls = {
    certificateFile: at(certificateFile),
    keyFile: at(keyFile),
    ...(clientCaFile === undefined ? {} : { clientCaFile: at(clientCaFile) }),
  }
  return { ...listener, tls }
}
