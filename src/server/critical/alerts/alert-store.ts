import { sql } from 'kysely'
import type { Alert } from '../../../shared/alert/index.ts'
import { VigilError } from '../../../shared/errors/index.ts'
import type { Foundation } from '../../foundation.ts'
import type { DamageReports } from '../../integrity/index.ts'
import { patientIndex, studyIndex } from '../../orders/index.ts'
import { IntegrityError, type Place } from '../../protection/index.ts'
import type { Queries, Schema } from '../../store/index.ts'
import type { AlertEvents, AlertStanding } from './alert-events.ts'
import { alertView } from './alert-view.ts'
import { RaisedAlert } from './raised-alert.ts'

type OutboxRow = Schema['outbox']

/** How many alerts an exam has, and how many of them the hospital system has not accepted. */
export interface AlertCounts {
  alerts: number
  open: number
}

/** How many studies one query names at most. */
const atOnce = 500

const place = (row: string): Place => ({ table: 'alerts', column: 'sealed_alert', row })

/** An alert with where it stands. */
export interface KeptAlert {
  alert: RaisedAlert
  standing: AlertStanding
}

export interface KeptAlerts {
  alerts: KeptAlert[]
  damaged: Place[]
}

/** The alerts as kept. */
export function createAlertStore(
  foundation: Pick<Foundation, 'store' | 'protection'>,
  deps: { damage: DamageReports; events: AlertEvents },
) {
  const { damage, events } = deps
  const { store, protection } = foundation

  function open(row: { id: string; sealed_alert: string }): RaisedAlert {
    return RaisedAlert.parse(JSON.parse(protection.open(place(row.id), row.sealed_alert)))
  }

  async function insert(queries: Queries, alert: RaisedAlert, reportVersionId: string): Promise<void> {
    await queries
      .insertInto('alerts')
      .values({
        id: alert.id,
        report_version_id: reportVersionId,
        study_index: studyIndex(protection, alert.exam.studyInstanceUid),
        type: alert.type,
        level: alert.level,
        dictionary_version: alert.dictionaryVersion,
        sealed_alert: protection.seal(place(alert.id), JSON.stringify(alert)),
        raised_at: alert.raisedAt,
        raised_by: alert.reporter.accountId,
        patient_index: patientIndex(protection, alert.patient.id),
      })
      .execute()
  }

  /** @throws IntegrityError where the stored alert was changed. */
  async function read(id: string): Promise<RaisedAlert> {
    const alert = await find(store.db, id)
    if (!alert) throw new IntegrityError(place(id))
    return alert
  }

  /** Null where there is none. @throws IntegrityError */
  async function find(queries: Queries, id: string): Promise<RaisedAlert | null> {
    const row = await queries
      .selectFrom('alerts')
      .select(['id', 'sealed_alert'])
      .where('id', '=', id)
      .executeTakeFirst()
    return row ? open(row) : null
  }

  /** @throws VigilError `not-found`, or IntegrityError. */
  async function existing(queries: Queries, id: string): Promise<RaisedAlert> {
    const alert = await find(queries, id)
    if (!alert) throw new VigilError('not-found', { field: 'alert' })
    return alert
  }

  const withStanding = (queries: Queries) =>
    queries
      .selectFrom('alerts')
      .innerJoin('alert_standings', 'alert_standings.alert_id', 'alerts.id')
      .selectAll()
      .orderBy('alerts.id', 'desc')

  /** Newest first; the damaged are only named, because this is asked inside transactions too. */
  function kept(rows: readonly (Schema['alerts'] & Schema['alert_standings'])[]): KeptAlerts {
    const found: KeptAlerts = { alerts: [], damaged: [] }
    for (const row of rows) {
      try {
        found.alerts.push({ alert: open(row), standing: events.opened(row) })
      } catch (error) {
        if (!(error instanceof IntegrityError)) throw error
        found.damaged.push(error.place)
      }
    }
    return found
  }

  /** The alerts for a patient, under any of the blind indexes of their ids, since then (epoch ms). */
  async function ofPatient(queries: Queries, patientIndexes: readonly string[], since: number) {
    return kept(
      await withStanding(queries)
        .where('patient_index', 'in', patientIndexes)
        .where('raised_at', '>=', since)
        .execute(),
    )
  }

  /** The alerts of a report, or of one of its versions. */
  async function ofReport(queries: Queries, reportId: string, version?: number) {
    let versions = queries.selectFrom('report_versions').select('id').where('report_id', '=', reportId)
    if (version !== undefined) versions = versions.where('version', '=', version)
    return kept(await withStanding(queries).where('report_version_id', 'in', versions).execute())
  }

  /** Newest first. A damaged alert is named, and reported. */
  async function latest(
    filter: {
      studyInstanceUid?: string | undefined
      show: 'all' | 'open' | 'check' | 'own'
      limit: number
    },
    viewer: string,
  ): Promise<{ alerts: Alert[]; damaged: string[] }> {
    let query = withStanding(store.db)
    if (filter.studyInstanceUid !== undefined)
      query = query.where('alerts.study_index', '=', studyIndex(protection, filter.studyInstanceUid))
    if (filter.show === 'own') query = query.where('alerts.raised_by', '=', viewer)
    if (filter.show === 'check') query = query.where('alert_standings.status', '=', 'awaiting-check')
    if (filter.show === 'open')
      query = query.where('alert_standings.status', 'not in', ['closed', 'withdrawn'])
    const rows = await query.limit(filter.limit).execute()
    const deliveries = await deliveriesOf(rows.map((row) => row.id))
    const { alerts, damaged } = kept(rows)
    for (const place of damaged) await damage.report(place)
    return {
      alerts: alerts.map(({ alert, standing }) =>
        alertView(alert, standing, deliveries.get(alert.id) ?? [], viewer),
      ),
      damaged: damaged.map(({ row }) => row),
    }
  }

  async function deliveriesOf(alertIds: readonly string[]): Promise<Map<string, OutboxRow[]>> {
    const found = new Map<string, OutboxRow[]>()
    if (alertIds.length === 0) return found
    const rows = await store.db
      .selectFrom('outbox')
      .selectAll()
      .where('alert_id', 'in', alertIds)
      .orderBy('id')
      .execute()
    for (const row of rows) found.set(row.alert_id, [...(found.get(row.alert_id) ?? []), row])
    return found
  }

  /** By blind study index, of these studies only where they are named. Open is what has not been acknowledged by a clinician. */
  async function counts(studyIndexes?: readonly string[]): Promise<Map<string, AlertCounts>> {
    if (!studyIndexes) return countsOf(null)
    const found = new Map<string, AlertCounts>()
    for (let start = 0; start < studyIndexes.length; start += atOnce) {
      const part = await countsOf(studyIndexes.slice(start, start + atOnce))
      for (const [index, count] of part) found.set(index, count)
    }
    return found
  }

  async function countsOf(of: readonly string[] | null): Promise<Map<string, AlertCounts>> {
    let query = store.db
      .selectFrom('alerts')
      .innerJoin('alert_standings', 'alert_standings.alert_id', 'alerts.id')
      .select((eb) => [
        'study_index',
        eb.fn.countAll<number>().as('alerts'),
        sql<number>`sum(alert_standings.status in ('awaiting-check', 'sent', 'delivered'))`.as('open'),
      ])
      .where('alert_standings.status', '<>', 'withdrawn')
      .groupBy('study_index')
    if (of) query = query.where('study_index', 'in', of)
    const rows = await query.execute()
    return new Map(rows.map((row) => [row.study_index, { alerts: row.alerts, open: row.open }]))
  }

  return { insert, read, find, existing, ofPatient, ofReport, latest, counts, deliveriesOf }
}

export type AlertStore = ReturnType<typeof createAlertStore>
