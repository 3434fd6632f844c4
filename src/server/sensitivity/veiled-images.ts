import type { ProtectedField } from '../../shared/access/index.ts'
import type { DicomJson } from '../../shared/study/index.ts'
import type { SessionPrincipal } from '../foundation.ts'
import type { Handlers } from '../http/index.ts'

/** The attributes (PS3.6) that say what a field says. */
const tags: Partial<Record<ProtectedField, readonly string[]>> = {
  // Patient's Name, Other Patient Names, Patient's Birth Name, Patient's Mother's Birth Name.
  patientName: ['00100010', '00101001', '00101005', '00101060'],
  // Patient ID, Other Patient IDs, and their sequence; Insurance Plan Identification.
  patientId: ['00100020', '00101000', '00101002', '00101050'],
  // Patient's Birth Date, and its time.
  birthDate: ['00100030', '00100032'],
  // Patient's Telephone Numbers and Telecom Information, Patient's Address.
  phone: ['00102154', '00102155', '00101040'],
  // Admitting diagnoses, medical alerts, history, comments, reasons for the study and the procedure.
  clinicalInfo: [
    '00081080',
    '00081084',
    '00102000',
    '001021B0',
    '00104000',
    '00321030',
    '00321066',
    '00324000',
    '00401002',
    '0040100A',
    '00402001',
    '00402400',
  ],
}
/** Request Attributes: the same attributes stand in its items. */
const requests = '00400275'

/**
 * Attributes of images without the fields that a person sees masked. What is burnt into pixels stays: a label on such a field does
 * not replace one on the exam.
 */
export function veiledImages<H extends Handlers<'seriesMetadata'>>(
  handlers: H,
  deps: {
    hiddenOf(principal: SessionPrincipal, studyInstanceUid: string): Promise<ReadonlySet<ProtectedField>>
  },
): H {
  return {
    ...handlers,
    async seriesMetadata(request: Parameters<H['seriesMetadata']>[0]) {
      const instances = await handlers.seriesMetadata(request)
      const hidden = await deps.hiddenOf(request.principal, request.params.study)
      const withheld = new Set([...hidden].flatMap((field) => tags[field] ?? []))
      return withheld.size === 0 ? instances : instances.map((instance) => without(instance, withheld))
    },
  }
}

/** The instance itself where it has none of them, as almost always. */
function without(instance: DicomJson, withheld: ReadonlySet<string>): DicomJson {
  const items = (instance[requests] as { Value?: DicomJson[] } | undefined)?.Value
  const cleared = items?.map((item) => without(item, withheld))
  const inside = cleared?.some((item, at) => item !== items?.[at]) ?? false
  let found = inside
  for (const tag of withheld) if (tag in instance) found = true
  if (!found) return instance
  const left = Object.fromEntries(Object.entries(instance).filter(([tag]) => !withheld.has(tag)))
  return inside ? { ...left, [requests]: { ...(left[requests] as object), Value: cleared } } : left
}
