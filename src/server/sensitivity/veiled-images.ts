import type { ProtectedField } from '../../shared/access/index.ts'
import type { SessionPrincipal } from '../foundation.ts'
import type { Handlers } from '../http/index.ts'

/** The attributes (PS3.6) that say what a field says. */
const tags: Partial<Record<ProtectedField, readonly string[]>> = {
  // Patient's Name, Other Patient Names.
  patientName: ['00100010', '00101001'],
  // Patient ID, Other Patient IDs, and their sequence.
  patientId: ['00100020', '00101000', '00101002'],
  // Patient's Birth Date.
  birthDate: ['00100030'],
}

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
      const withheld = [...hidden].flatMap((field) => tags[field] ?? [])
      if (withheld.length === 0) return instances
      return instances.map((instance) =>
        Object.fromEntries(Object.entries(instance).filter(([tag]) => !withheld.includes(tag))),
      )
    },
  }
}
