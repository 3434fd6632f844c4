import type { Transaction } from 'kysely'
import type { Alert } from '../../../shared/alert/index.ts'
import type { CheckSignature, PreparedSignOff } from '../../../shared/api/index.ts'
import type { CriticalDictionary } from '../../../shared/critical/model.ts'
import type { AuditEntry } from '../../audit/index.ts'
import type { Foundation } from '../../foundation.ts'
import type { Schema } from '../../store/index.ts'
import { noteCheckSignature } from './alert-check.ts'
import type { AlertEvents, AlertStanding } from './alert-events.ts'
import type { AlertStore } from './alert-store.ts'
import { alertView } from './alert-view.ts'
import { assembleAlerts, type SignedFindings } from './assemble.ts'
import type { Release } from './release.ts'

/** What was looked at before the alerts of a report go out. */
export interface RaisingCheck {
  mode: PreparedSignOff['check']
  /** The same person's second signature over the document, proven; only with `twice`. */
  second?: { contentHash: string; signature: CheckSignature } | undefined
}

export interface Raised {
  alerts: Alert[]
  standings: AlertStanding[]
}

export type Raise = (
  trx: Transaction<Schema>,
  signed: SignedFindings,
  how: { reportVersionId: string; dictionary: CriticalDictionary; check: RaisingCheck },
  actor: AuditEntry['actor'],
) => Promise<Raised>

/** Writes the alerts of a signed report, in the transaction that signs it. Unless a second person is to look, they go out. */
export function createRaising(
  { audit, clock }: Pick<Foundation, 'audit' | 'clock'>,
  deps: { alerts: AlertStore; events: AlertEvents; release: Release; newId: () => string },
): Raise {
  const { alerts, events, release, newId } = deps

  return async (trx, signed, { reportVersionId, dictionary, check }, actor) => {
    const raised: Raised = { alerts: [], standings: [] }
    const { releaseAfterMinutes } = dictionary.rules.secondCheck
    for (const alert of assembleAlerts(signed, dictionary, newId)) {
      await alerts.insert(trx, alert, reportVersionId)
      await events.begin(trx, alert, actor)
      const by = alert.reporter
      if (check.mode === 'second-person') {
        const until = clock() + releaseAfterMinutes * 60_000
        const standing = await events.append(trx, alert.id, { kind: 'check-requested', until }, actor)
        raised.alerts.push(alertView(alert, standing, [], by.accountId))
        raised.standings.push(standing)
        continue
      }
      if (check.mode === 'twice') {
        await events.append(trx, alert.id, { kind: 'checked', by, twice: true }, actor)
        if (check.second) await noteCheckSignature(audit, trx, alert.id, check.second, actor)
      }
      const { standing, deliveries } = await release(trx, alert, { unchecked: false }, actor)
      raised.alerts.push(alertView(alert, standing, deliveries, by.accountId))
      raised.standings.push(standing)
    }
    return raised
  }
}
