import { setImmediate as nextRound } from 'node:timers/promises'
import { Sensitivity } from '../../shared/access/index.ts'
import type { AuditRow } from '../../shared/audit/index.ts'
import type { AuditRecords } from '../audit/index.ts'
import type { Foundation } from '../foundation.ts'
import { accessionIndex, patientIndex, studyIndex } from '../protection/index.ts'
import type { Act } from './act.ts'

const blind = /^(?:\d+\.)?[A-Za-z0-9_-]{43}$/
/** Records read in one round of the event loop. */
const atOnce = 300

/** Reads a period's records as the rules look at them. */
export function createActs(
  { store, protection }: Pick<Foundation, 'store' | 'protection'>,
  deps: {
    records: AuditRecords
    /** The label in force of the study of this blind index; its UID where the record holds it. */
    labelOf(studyIndex: string, studyInstanceUid?: string): Promise<Sensitivity>
  },
) {
  const { db } = store

  /** Every record of the period, in order of number; what reads them shares the gateway with others. */
  async function* recordsIn({ from, to }: { from: number; to: number }): AsyncGenerator<AuditRow[]> {
    const { low, high } = await db
      .selectFrom('audit')
      .select(({ fn }) => [fn.min('seq').as('low'), fn.max('seq').as('high')])
      .where('at', '>=', from)
      .where('at', '<', to)
      .executeTakeFirstOrThrow()
    if (low === null || high === null) return
    for (let after = low - 1; after < high; ) {
      const rows = await deps.records.after(after, high, atOnce)
      const last = rows.at(-1)
      if (!last) return
      yield rows.filter(({ at }) => at >= from && at < to)
      after = last.seq
      await nextRound()
    }
  }

  async function actsOf(rows: readonly AuditRow[]): Promise<Act[]> {
    const named = rows.map(referencesOf)
    const exams = await examsOf(named.flat())
    const acts: Act[] = []
    for (const [at, row] of rows.entries()) {
      const own = named[at] ?? []
      const patients = new Set<string>()
      let study = ''
      let uid: string | undefined
      for (const reference of own) {
        const exam = exams.get(`${reference.kind}:${reference.id}`)
        if (reference.kind === 'patient') patients.add(reference.id)
        else if (exam?.patient) patients.add(exam.patient)
        if (reference.kind === 'study') uid ??= reference.plain
        study ||= reference.kind === 'study' ? reference.id : (exam?.study ?? '')
      }
      // An exam of which nobody is known counts as a patient of its own rather than as nobody.
      if (patients.size === 0 && study !== '') patients.add(study)
      acts.push({
        seq: row.seq,
        at: row.at,
        action: row.action,
        outcome: row.outcome,
        account: row.actor.startsWith('account:') ? row.actor.slice('account:'.length) : '',
        workstation: row.workstation ?? '',
        patients: [...patients],
        study,
        sensitivity: await sensitivityOf(row, study, uid),
        rows: typeof row.detail.rows === 'number' ? row.detail.rows : 0,
      })
    }
    return acts
  }

  /** As the record says; else by the label that the study has now. */
  async function sensitivityOf(
    { detail, outcome }: AuditRow,
    study: string,
    uid: string | undefined,
  ): Promise<Act['sensitivity']> {
    const said = Sensitivity.safeParse(detail.sensitivity)
    if (!said.success && (study === '' || outcome !== 'success')) return null
    const label = said.success ? said.data : await deps.labelOf(study, uid)
    return label === 'general' ? null : label
  }

  /** `plain`: a study's UID, where it stands in the record as such. */
  type Named = { kind: 'patient' | 'study' | 'report' | 'order' | 'alert'; id: string; plain?: string }

  /** What clinical a record names, by blind index where one is made of its id. */
  function referencesOf({ object, about = [] }: AuditRow): Named[] {
    const at = object.indexOf(':')
    return [{ kind: object.slice(0, at), id: object.slice(at + 1) }, ...about].flatMap(
      ({ kind, id }): Named[] => {
        if (kind === 'patient') return [{ kind, id: blind.test(id) ? id : patientIndex(protection, id) }]
        if (kind === 'study')
          return [blind.test(id) ? { kind, id } : { kind, id: studyIndex(protection, id), plain: id }]
        return kind === 'report' || kind === 'order' || kind === 'alert' ? [{ kind, id }] : []
      },
    )
  }

  /** Whose they are: blind study and patient indexes, without opening anything. */
  async function examsOf(named: readonly Named[]) {
    const found = new Map<string, { study: string; patient: string }>()
    const ids = (kind: Named['kind']) => [
      ...new Set(named.flatMap((one) => (one.kind === kind ? [one.id] : []))),
    ]
    const alerts = ids('alert')
    if (alerts.length > 0)
      for (const row of await db
        .selectFrom('alerts')
        .select(['id', 'study_index', 'patient_index'])
        .where('id', 'in', alerts)
        .execute())
        found.set(`alert:${row.id}`, { study: row.study_index, patient: row.patient_index })
    const orders = ids('order')
    const accessions = orders.map((id) => (blind.test(id) ? id : accessionIndex(protection, id)))
    if (orders.length > 0)
      for (const row of await db
        .selectFrom('orders')
        .select(['id', 'accession_index', 'study_index', 'patient_index'])
        .where(({ eb, or }) => or([eb('id', 'in', orders), eb('accession_index', 'in', accessions)]))
        .execute()) {
        const exam = { study: row.study_index ?? '', patient: row.patient_index }
        const id = orders[accessions.indexOf(row.accession_index)] ?? row.id
        found.set(`order:${row.id}`, exam)
        found.set(`order:${id}`, exam)
      }
    const reports = ids('report')
    const studyOf = new Map<string, string>()
    if (reports.length > 0)
      for (const row of await db
        .selectFrom('reports')
        .select(['id', 'study_index'])
        .where('id', 'in', reports)
        .execute())
        studyOf.set(row.id, row.study_index)
    const studies = [...new Set([...ids('study'), ...studyOf.values()])]
    const patientOf = new Map<string, string>()
    if (studies.length > 0)
      for (const row of await db
        .selectFrom('orders')
        .select(['study_index', 'patient_index'])
        .where('study_index', 'in', studies)
        .execute())
        patientOf.set(row.study_index ?? '', row.patient_index)
    for (const study of studies) found.set(`study:${study}`, { study, patient: patientOf.get(study) ?? '' })
    for (const [report, study] of studyOf)
      found.set(`report:${report}`, { study, patient: patientOf.get(study) ?? '' })
    return found
  }

  return { recordsIn, actsOf }
}
export type Acts = ReturnType<typeof createActs>
