import { setImmediate as nextRound } from 'node:timers/promises'
import { VigilError } from '../../shared/errors/index.ts'
import type { StudySummary } from '../../shared/study/index.ts'
import type { Archive } from '../archive/index.ts'
import { type Protection, patientIndex, studyIndex } from '../protection/index.ts'

/** The archive's studies by the blind indexes that records name them by: for those that no order is known of. */
export interface ArchivedExams {
  byStudy(): Promise<ReadonlyMap<string, StudySummary>>
  byPatient(): Promise<ReadonlyMap<string, readonly StudySummary[]>>
}

interface Indexed {
  byStudy: Map<string, StudySummary>
  byPatient: Map<string, StudySummary[]>
}

/** Studies indexed in one round of the event loop. */
const atOnce = 1000

export function createArchivedExams(
  protection: Protection,
  archive: Pick<Archive, 'studies' | 'onChange'>,
): ArchivedExams {
  let known: Promise<Indexed> | null = null
  archive.onChange(() => {
    known = null
  })

  async function read(): Promise<Indexed> {
    const indexed: Indexed = { byStudy: new Map(), byPatient: new Map() }
    for (const [at, study] of (await archive.studies()).entries()) {
      indexed.byStudy.set(studyIndex(protection, study.studyInstanceUid), study)
      const patient = patientIndex(protection, study.patientId)
      indexed.byPatient.set(patient, [...(indexed.byPatient.get(patient) ?? []), study])
      if (at % atOnce === atOnce - 1) await nextRound()
    }
    return indexed
  }

  /** An archive that does not answer leaves what the orders say; it is asked again the next time. */
  async function current(): Promise<Indexed> {
    known ??= read()
    try {
      return await known
    } catch (error) {
      known = null
      if (error instanceof VigilError) return { byStudy: new Map(), byPatient: new Map() }
      throw error
    }
  }

  return {
    byStudy: async () => (await current()).byStudy,
    byPatient: async () => (await current()).byPatient,
  }
}
