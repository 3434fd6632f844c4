import { decide } from '../../shared/access/index.ts'
import type { WorklistQuery } from '../../shared/api/index.ts'
import type { Archive } from '../archive/index.ts'
import type { Critical } from '../critical/index.ts'
import type { Foundation, SessionPrincipal } from '../foundation.ts'
import type { Handlers } from '../http/route-handlers.ts'
import { type Orders, studyIndex } from '../orders/index.ts'
import type { Reports } from '../reports/index.ts'
import { matches } from './filter.ts'
import { byUrgency, type WorklistSources, worklistRows } from './rows.ts'

/** The worklist: orders, studies, reports and alerts in one list, each person seeing what they may. */
export function createWorklist(deps: {
  foundation: Pick<Foundation, 'protection'>
  archive: Archive
  orders: Orders
  reports: Reports
  critical: Critical
  /** Display names by account id, from the identity capability. */
  displayNames: () => Promise<ReadonlyMap<string, string>>
}): { handlers: Handlers<'worklist' | 'study'> } {
  const { foundation, archive, orders, reports, critical, displayNames } = deps
  /** Blind index by study, so that the keyed hash is made once for each study. */
  let studyKeys = new Map<string, string>()

  async function clinicalFacts(principal: SessionPrincipal): Promise<WorklistSources['clinical']> {
    if (!decide(principal, 'report.read')) return null
    return {
      studyKey,
      reports: await reports.summaries(),
      alerts: decide(principal, 'alert.read') ? await critical.counts() : new Map(),
      names: await displayNames(),
    }
  }

  function studyKey(studyInstanceUid: string): string {
    const known = studyKeys.get(studyInstanceUid)
    if (known !== undefined) return known
    const key = studyIndex(foundation.protection, studyInstanceUid)
    studyKeys.set(studyInstanceUid, key)
    return key
  }

  async function list(query: WorklistQuery, principal: SessionPrincipal) {
    const [studies, kept, samePatient, clinical] = await Promise.all([
      archive.studies(),
      orders.list(),
      orders.samePatient(),
      clinicalFacts(principal),
    ])
    const corrects = decide(principal, 'order.enter')
    // Studies that went from the archive must not stay in memory for ever.
    if (studyKeys.size > 2 * studies.length + 1000) studyKeys = new Map()
    const found = worklistRows({ orders: kept, studies, samePatient, clinical, corrects })
      .filter(matches(query))
      .sort(byUrgency)
    return {
      rows: found.slice(0, query.limit).map(({ row }) => row),
      total: found.length,
      broken: archive.broken(),
    }
  }

  return {
    handlers: {
      worklist: ({ query, principal }) => list(query, principal),
      study: async ({ params, principal }) => {
        const study = await archive.study(params.study, principal.sessionId)
        const { kept, damaged } = await orders.ofStudy(study)
        return { study, order: kept?.order ?? null, ...(damaged ? { orderDamaged: true } : {}) }
      },
    },
  }
}
