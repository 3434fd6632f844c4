import { sql } from 'kysely'
import type { Alert } from '../../shared/report/index.ts'
import type { Foundation } from '../foundation.ts'
import type { DamageReports } from '../integrity/index.ts'
import { studyIndex } from '../orders/index.ts'
import { IntegrityError, type Place } from '../protection/index.ts'
import type { Queries, Schema } from '../store/index.ts'
import { RaisedAlert } from './raised-alert.ts'

type OutboxRow = Schema['outbox']

/** How many alerts an exam has, and how many of them the hospital system has not accepted. */
export interface AlertCounts {
  alerts: number
  open: number
}

const place = (row: string): Place => ({ table: 'alerts', column: 'sealed_alert', row })

/** The alerts as kept. */
export function createAlertStore(
  foundation: Pick<Foundation, 'store' | 'protection'>,
  damage: DamageReports,
) {
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
      })
      .execute()
  }

  /** @throws IntegrityError where the stored alert was changed. */
  async function read(id: string): Promise<RaisedAlert> {
    const row = await store.db
      .selectFrom('alerts')
      .select(['id', 'sealed_alert'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    return open(row)
  }

  /** Newest first. A damaged alert is left out, and reported. */
  async function latest(filter: { studyInstanceUid?: string | undefined; limit: number }): Promise<Alert[]> {
    let query = store.db.selectFrom('alerts').select(['id', 'sealed_alert']).orderBy('id', 'desc')
    if (filter.studyInstanceUid !== undefined)
      query = query.where('study_index', '=', studyIndex(protection, filter.studyInstanceUid))
    const rows = await query.limit(filter.limit).execute()
    const deliveries = await deliveriesOf(rows.map((row) => row.id))
    const alerts: Alert[] = []
    for (const row of rows) {
      try {
        alerts.push(alertView(open(row), deliveries.get(row.id) ?? []))
      } catch (error) {
        if (!(error instanceof IntegrityError)) throw error
        await damage.report(error.place)
      }
    }
    return alerts
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

  /** By blind study index, in one query. */
  async function counts(): Promise<Map<string, AlertCounts>> {
    const rows = await store.db
      .selectFrom('alerts')
      .select((eb) => [
        'study_index',
        eb.fn.countAll<number>().as('alerts'),
        sql<number>`sum(exists (select 1 from outbox where outbox.alert_id = alerts.id and outbox.state <> 'delivered'))`.as(
          'open',
        ),
      ])
      .groupBy('study_index')
      .execute()
    return new Map(rows.map((row) => [row.study_index, { alerts: row.alerts, open: row.open }]))
  }

  return { insert, read, latest, counts }
}

export type AlertStore = ReturnType<typeof createAlertStore>

/** The least advanced first: with several targets, an alert stands where its slowest delivery stands. */
const progress: readonly OutboxRow['state'][] = ['refused', 'retrying', 'queued', 'sending', 'delivered']

/** An alert as the workstation sees it. */
export function alertView(alert: RaisedAlert, deliveries: readonly OutboxRow[]): Alert {
  const slowest = [...deliveries].sort((a, b) => progress.indexOf(a.state) - progress.indexOf(b.state))[0]
  const waiting = slowest?.state === 'queued' || slowest?.state === 'retrying'
  return {
    id: alert.id,
    studyInstanceUid: alert.exam.studyInstanceUid,
    accessionNumber: alert.order.accessionNumber,
    patientName: alert.patient.name,
    type: alert.type,
    typeName: alert.typeName,
    level: alert.level,
    content: alert.content,
    keyword: alert.keyword,
    raisedAt: alert.raisedAt,
    raisedBy: alert.reporter.name,
    delivery: {
      state: slowest?.state ?? 'queued',
      target: slowest?.target ?? '',
      attempts: slowest?.attempts ?? 0,
      lastError: slowest?.last_error ?? null,
      nextAttemptAt: slowest && waiting && slowest.target !== '' ? slowest.next_attempt_at : null,
      deliveredAt: slowest?.delivered_at ?? null,
    },
  }
}
