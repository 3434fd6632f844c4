import { createDamageReports } from '../../../src/server/integrity/index.ts'
import { createSignedCorpus } from '../../../src/server/reports/index.ts'
import { createRetrospect } from '../../../src/server/retrospect/index.ts'
import { api } from '../../../src/shared/api/index.ts'
import { aStudy, openReadingRoom } from '../reports/reading-room.ts'
import { type DocumentFacts, writeSigned } from '../reports/signed-documents.ts'

/** A reading room whose reports and alerts are looked back over; queries as they come over the wire. */
export async function openLookingBack(
  documents: DocumentFacts[] = [],
  options: { budget?: { reports: number; ms: number }; dictionary?: unknown } = {},
) {
  const room = await openReadingRoom({}, options.dictionary ? { dictionary: options.dictionary } : {})
  const ids = await writeSigned(room.foundation, documents)
  const damage = createDamageReports(room.foundation)
  const { handlers } = createRetrospect(room.foundation, {
    signedReports: createSignedCorpus(room.foundation, { damage }),
    critical: room.critical,
    damage,
    restriction: room.restriction,
    veils: room.worklist.veils,
    displayNames: async () =>
      new Map([
        ['li', '李医师'],
        ['wang', '王医师'],
      ]),
    ...(options.budget ? { budget: options.budget } : {}),
  })
  const always = { from: 0, to: 1e14 }
  const search = (query: object = {}) =>
    handlers.searchReports(
      room.request('li', { query: api.searchReports.query.parse({ ...always, ...query }) }) as never,
    )
  const missed = (query: object = {}) =>
    handlers.missedFindings(
      room.request('li', { query: api.missedFindings.query.parse({ ...always, ...query }) }) as never,
    )
  const statistics = (query: object = {}) => {
    const period = { from: room.time.now - 86_400_000, to: room.time.now + 86_400_000, by: 'type' }
    const parsed = api.alertStatistics.query.parse({ ...period, ...query })
    return handlers.alertStatistics(room.request('li', { query: parsed }) as never)
  }

  async function signed(study: string, findings: string, decide?: Parameters<typeof room.signOff>[3]) {
    room.studies.set(study, aStudy(study, { patientId: `P${study}` }))
    return room.signOff('li', study, { findings, impression: '' }, decide)
  }

  return { ...room, ids, handlers, search, missed, statistics, signed }
}
