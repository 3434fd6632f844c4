import { createHash } from 'node:crypto'
import type { Transaction } from 'kysely'
import { canonicalAlertContent } from '../../../shared/alert/canonical.ts'
import type { CheckSignature } from '../../../shared/api/index.ts'
import { VigilError } from '../../../shared/errors/index.ts'
import type { AuditEntry } from '../../audit/index.ts'
import type { Foundation } from '../../foundation.ts'
import type { Queries, Schema } from '../../store/index.ts'
import { noteCheckSignature, type VerifyAlertCheck } from './alert-check.ts'
import type { AlertEvents, AlertStanding } from './alert-events.ts'
import { alertView } from './alert-view.ts'
import type { RaisedAlert } from './raised-alert.ts'
import type { Release } from './release.ts'
import type { Person } from './withdrawal.ts'

const hashOf = (canonical: string) => createHash('sha256').update(canonical).digest()

/** The second person (双人核对): confirms an alert, and it goes out, or objects to it. Never anybody who signed the report. */
export function createSecondPerson(
  { store, audit }: Pick<Foundation, 'store' | 'audit'>,
  deps: { events: AlertEvents; release: Release; verifyAlertCheck: VerifyAlertCheck },
) {
  const { events, release, verifyAlertCheck } = deps

  /** @throws VigilError `second-person-required` where it is their own; `alert-not-open` where it waits for nobody. */
  async function mustBeForThem(queries: Queries, alert: RaisedAlert, by: Person): Promise<AlertStanding> {
    const authors = await queries
      .selectFrom('report_versions')
      .select('author_id')
      .where('report_id', '=', alert.exam.reportId)
      .execute()
    const own = [alert.reporter.accountId, ...authors.map(({ author_id }) => author_id)]
    if (own.includes(by.accountId)) throw new VigilError('second-person-required')
    const standing = await events.standing(queries, alert.id)
    if (standing.state.status !== 'awaiting-check') throw new VigilError('alert-not-open')
    return standing
  }

  /**
   * That the person signed the alert as it stands; gives the canonical form of what they signed. To be asked before the
   * transaction, because the certificate's standing may have to be asked for over the network.
   */
  async function prove(alert: RaisedAlert, by: Person, signature: CheckSignature): Promise<string> {
    const standing = await mustBeForThem(store.db, alert, by)
    const canonical = canonicalAlertContent(alertView(alert, standing, [], by.accountId))
    await verifyAlertCheck({
      ...signature,
      accountId: by.accountId,
      subject: alert.id,
      contentHash: hashOf(canonical),
    })
    return canonical
  }

  async function confirm(
    trx: Transaction<Schema>,
    alert: RaisedAlert,
    { by, signature, canonical }: { by: Person; signature: CheckSignature; canonical: string },
    actor: AuditEntry['actor'],
  ): Promise<AlertStanding> {
    const standing = await mustBeForThem(trx, alert, by)
    // Moved to another ward in between: what was looked at is not what would go out.
    if (canonicalAlertContent(alertView(alert, standing, [], by.accountId)) !== canonical)
      throw new VigilError('conflict')
    await events.append(trx, alert.id, { kind: 'checked', by, twice: false }, actor)
    const proven = { contentHash: hashOf(canonical).toString('hex'), signature }
    await noteCheckSignature(audit, trx, alert.id, proven, actor)
    return (await release(trx, alert, { unchecked: false }, actor)).standing
  }

  async function object(
    trx: Transaction<Schema>,
    alert: RaisedAlert,
    { by, remark }: { by: Person; remark: string },
    actor: AuditEntry['actor'],
  ): Promise<AlertStanding> {
    await mustBeForThem(trx, alert, by)
    return events.append(trx, alert.id, { kind: 'check-objected', by, remark }, actor)
  }

  return { prove, confirm, object }
}

export type SecondPerson = ReturnType<typeof createSecondPerson>
