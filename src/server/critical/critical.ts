import type { Transaction } from 'kysely'
import { analyseReport, compileDictionary } from '../../shared/critical/index.ts'
import type { CriticalDictionary, SectionFinding } from '../../shared/critical/model.ts'
import type { Alert, ReportText } from '../../shared/report/index.ts'
import type { AuditEntry } from '../audit/index.ts'
import type { Announcements, Foundation } from '../foundation.ts'
import type { Handlers } from '../http/route-handlers.ts'
import { createDamageReports } from '../integrity/index.ts'
import type { Schema } from '../store/index.ts'
import { createAlertIds } from './alert-id.ts'
import { type AlertCounts, alertView, createAlertStore } from './alert-store.ts'
import { assembleAlerts, type SignedFindings } from './assemble.ts'
import { readDictionary } from './dictionary.ts'
import { createDispatcher } from './dispatcher.ts'
import { createOutbox } from './outbox.ts'

/** Critical values (危急值): the dictionary, the authoritative analysis, alerts and their delivery. */
export interface Critical {
  readonly dictionary: CriticalDictionary
  analyse(text: ReportText): SectionFinding[]
  /**
   * Writes the alerts of a signed report and their outbox rows; part of the transaction that signs it.
   * Call `wake` once that has committed.
   */
  raise(
    trx: Transaction<Schema>,
    signed: SignedFindings,
    reportVersionId: string,
    actor: AuditEntry['actor'],
  ): Promise<Alert[]>
  /** The study's alerts, newest first. */
  alertsOf(studyInstanceUid: string): Promise<Alert[]>
  /** By blind study index. */
  counts(): Promise<Map<string, AlertCounts>>
  /** Starts delivery: first what an earlier run of the gateway left. */
  start(): Promise<void>
  wake(): void
  stop(): Promise<void>
  readonly handlers: Handlers<'dictionary' | 'alerts'>
}

/** A document has at most 500 decisions. */
const mostOfOneStudy = 500

/** @throws VigilError `dictionary-invalid` where the dictionary may not be used. */
export function createCritical(deps: {
  foundation: Foundation
  announcements: Announcements
  /** A CriticalDictionary, from the product or the hospital; validated here. */
  dictionary: unknown
}): Critical {
  const { foundation, announcements } = deps
  const dictionary = readDictionary(deps.dictionary)
  const { config, audit, clock, random } = foundation
  const analyzer = compileDictionary(dictionary)
  const newId = createAlertIds(clock, random)
  const damage = createDamageReports(foundation)
  const outbox = createOutbox(foundation, newId)
  const alerts = createAlertStore(foundation, damage)
  const targets = config.criticalTargets
  const dispatcher = createDispatcher({ foundation, announcements, damage, outbox, alerts, targets })

  async function raise(
    trx: Transaction<Schema>,
    signed: SignedFindings,
    reportVersionId: string,
    actor: AuditEntry['actor'],
  ): Promise<Alert[]> {
    const raised: Alert[] = []
    for (const alert of assembleAlerts(signed, dictionary, newId)) {
      await alerts.insert(trx, alert, reportVersionId)
      const rows = await outbox.enqueue(
        trx,
        alert.id,
        targets.map(({ name }) => name),
      )
      await audit.append(trx, {
        action: 'alert.raised',
        outcome: 'success',
        actor,
        object: { kind: 'alert', id: alert.id },
        detail: { type: alert.type, level: alert.level, dictionaryVersion: alert.dictionaryVersion },
      })
      raised.push(alertView(alert, rows))
    }
    return raised
  }

  return {
    dictionary,
    analyse: (text) => analyseReport(analyzer, text),
    raise,
    alertsOf: (studyInstanceUid) => alerts.latest({ studyInstanceUid, limit: mostOfOneStudy }),
    counts: alerts.counts,
    start: dispatcher.start,
    wake: dispatcher.wake,
    stop: dispatcher.stop,
    handlers: {
      dictionary: async () => dictionary,
      alerts: async ({ query }) => ({
        alerts: await alerts.latest({ studyInstanceUid: query.study, limit: query.limit }),
      }),
    },
  }
}
