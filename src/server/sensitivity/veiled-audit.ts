import { isCleared, maskedStaffNumber, type Sensitivity } from '../../shared/access/index.ts'
import type { AuditRow } from '../../shared/audit/index.ts'
import type { Foundation } from '../foundation.ts'
import type { Handlers } from '../http/index.ts'
import { patientIndex } from '../orders/index.ts'

/**
 * The audit without whose numbers they are: a patient goes by the keyed index of their id, which finds the same records, and is told
 * from others of the name by the id's last two characters. What people typed stands as they typed it: it is the evidence.
 */
export function veiledAudit<H extends Handlers<'auditCandidates' | 'searchAudit'>>(
  handlers: H,
  deps: Pick<Foundation, 'protection'> & { staffNumber: () => Promise<Sensitivity> },
): H {
  const { protection } = deps
  const index = (id: string) => (blindIndex.test(id) ? id : patientIndex(protection, id))

  function veiledRow(row: AuditRow): AuditRow {
    const patient = /^patient:(.+)$/.exec(row.object)?.[1]
    return {
      ...row,
      ...(patient === undefined ? {} : { object: `patient:${index(patient)}` }),
      ...(patient !== undefined && row.objectName ? { objectName: veiledLabel(row.objectName) } : {}),
      ...(row.about
        ? {
            about: row.about.map((one) =>
              one.kind === 'patient'
                ? { ...one, id: index(one.id), ...(one.label ? { label: veiledLabel(one.label) } : {}) }
                : one,
            ),
          }
        : {}),
    }
  }

  return {
    ...handlers,
    async auditCandidates(request: Parameters<H['auditCandidates']>[0]) {
      const found = await handlers.auditCandidates(request)
      const { clearance } = request.principal
      const numbers = isCleared(clearance, await deps.staffNumber())
      // A patient's exams bear a label each: what cannot be asked of one counts as the strictest.
      const patients = isCleared(clearance, 'highly-sensitive')
      return found.map((candidate) => {
        const { kind, id } = candidate.subject
        if (kind === 'account' && !numbers)
          return { ...candidate, hint: candidate.hint.split(' · ')[0] ?? '' }
        if (patients) return candidate
        if (kind === 'patient')
          return { ...candidate, subject: { kind, id: index(id) }, hint: ending(candidate.hint) }
        return kind === 'study' || kind === 'order'
          ? { ...candidate, hint: ending(candidate.hint) }
          : candidate
      })
    },
    async searchAudit(request: Parameters<H['searchAudit']>[0]) {
      const page = await handlers.searchAudit(request)
      const { clearance } = request.principal
      const numbers = isCleared(clearance, await deps.staffNumber())
      const patients = isCleared(clearance, 'highly-sensitive')
      return {
        ...page,
        rows: page.rows.map((row) => {
          const shown = patients ? row : veiledRow(row)
          const masks = { ...(patients ? {} : patientMasks), ...(numbers ? {} : staffMasks) }
          return { ...shown, detail: masked(shown.detail, masks) as AuditRow['detail'] }
        }),
      }
    },
  }
}

const blindIndex = /^(?:\d+\.)?[A-Za-z0-9_-]{43}$/
const ending = (id: string) => (id.length > 4 ? `****${id.slice(-2)}` : id === '' ? '' : '****')
/** 张** · P-1001 → 张** · ****01 */
const veiledLabel = (label: string) =>
  label.replace(/ · ([^·]*)$/, (_, id: string) => ` · ${ending(id.trim())}`)

type Masks = Readonly<Record<string, (value: string) => string>>
/** Facts of a record's detail that are a patient's, or a person's of ours, by their names. */
const patientMasks: Masks = { patientId: ending, priorPatientId: ending, surviving: ending, merged: ending }
const staffMasks: Masks = { staffNumber: maskedStaffNumber }

function masked(value: unknown, masks: Masks): unknown {
  if (Array.isArray(value)) return value.map((each) => masked(each, masks))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      const mask = Object.hasOwn(masks, name) ? masks[name] : undefined
      return [name, mask && typeof inner === 'string' ? mask(inner) : masked(inner, masks)]
    }),
  )
}
