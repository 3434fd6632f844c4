import { isCleared } from '../../shared/access/index.ts'
import type { Foundation } from '../foundation.ts'
import type { Handlers } from '../http/index.ts'
import { patientIndex } from '../orders/index.ts'

/**
 * Who the auditor means, without whose number it is: a patient goes by the keyed index of their id, which finds the same records,
 * and is told from others of the name by the id's last two characters.
 */
export function veiledAudit<H extends Handlers<'auditCandidates'>>(
  handlers: H,
  { protection }: Pick<Foundation, 'protection'>,
): H {
  const ending = (id: string) => (id.length > 4 ? `****${id.slice(-2)}` : id === '' ? '' : '****')
  return {
    ...handlers,
    async auditCandidates(request: Parameters<H['auditCandidates']>[0]) {
      const found = await handlers.auditCandidates(request)
      // A patient's exams bear a label each: what cannot be asked of one counts as the strictest.
      if (isCleared(request.principal.clearance, 'highly-sensitive')) return found
      return found.map((candidate) => {
        const { kind, id } = candidate.subject
        if (kind === 'patient')
          return { ...candidate, subject: { kind, id: patientIndex(protection, id) }, hint: ending(id) }
        return kind === 'study' || kind === 'order'
          ? { ...candidate, hint: ending(candidate.hint) }
          : candidate
      })
    },
  }
}
