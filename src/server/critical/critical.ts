import type { Transaction } from 'kysely'
import type { Alert } from '../../shared/alert/index.ts'
import { analyseReport, type ExamContext } from '../../shared/critical/index.ts'
import type { SectionFinding } from '../../shared/critical/model.ts'
import type { ReportText } from '../../shared/report/index.ts'
import type { Announcements, Foundation } from '../foundation.ts'
import type { Handlers } from '../http/route-handlers.ts'
import { createDamageReports } from '../integrity/index.ts'
import { patientIndex } from '../orders/index.ts'
import type { Schema } from '../store/index.ts'
import type { VerifyAlertCheck } from './alerts/alert-check.ts'
import { createAlertEvents } from './alerts/alert-events.ts'
import { createAlertIds } from './alerts/alert-id.ts'
import { type AlertCounts, alertView, createAlertStore } from './alerts/alert-store.ts'
import { assembleAlerts, type SignedFindings } from './alerts/assemble.ts'
import { createDispatcher } from './delivery/dispatcher.ts'
import { createOutbox } from './delivery/outbox.ts'
import {
  createDictionary,
  type Dictionaries,
  type DictionaryHandlers,
  type PastReports,
} from './dictionary/index.ts'

/** Critical values (危急值): the dictionary, the authoritative analysis, alerts, their delivery, and the loop until they are answered. */
export interface Critical {
  readonly dictionaries: Dictionaries
  /** By the dictionary in force. */
  analyse(text: ReportText, exam: ExamContext): SectionFinding[]
  /**
   * Writes the alerts of a signed report and their outbox rows; part of the transaction that signs it.
   * Call `wake` once that has committed.
   */
  raise(trx: Transaction<Schema>, signed: SignedFindings, reportVersionId: string): Promise<Alert[]>
  /** The study's alerts, newest first, as `viewer` (an account id) sees them. */
  alertsOf(studyInstanceUid: string, viewer: string): Promise<Alert[]>
  /** By blind study index. */
  counts(): Promise<Map<string, AlertCounts>>
  /** Starts delivery: first what an earlier run of the gateway left. */
  start(): Promise<void>
  wake(): void
  stop(): Promise<void>
  readonly handlers: DictionaryHandlers & Handlers<'alerts'>
}

/** A document has at most 500 decisions. */
const mostOfOneStudy = 500

/** @throws VigilError `dictionary-invalid` where the dictionary may not be used. */
export async function createCritical(deps: {
  foundation: Foundation
  announcements: Announcements
  /** A CriticalDictionary that a new gateway begins with, from the product or the hospital; validated here. */
  dictionary: unknown
  /** What a dry run of a dictionary looks through. */
  pastReports: PastReports
  /** Display names by account id, from the identity capability. */
  displayNames: () => Promise<ReadonlyMap<string, string>>
  verifyAlertCheck: VerifyAlertCheck
}): Promise<Critical> {
  const { foundation, announcements } = deps
  const { config, protection, clock, random } = foundation
  const newId = createAlertIds(clock, random)
  const damage = createDamageReports(foundation)
  const dictionary = await createDictionary(foundation, { ...deps, damage, starting: deps.dictionary })
  const { dictionaries } = dictionary
  const events = createAlertEvents(foundation, { announcements, newId })
  const outbox = createOutbox(foundation, newId)
  const alerts = createAlertStore(foundation, { damage, events })
  const targets = config.criticalTargets
  const targetNames = targets.map(({ name }) => name)
  const dispatcher = createDispatcher({ foundation, announcements, damage, outbox, alerts, events, targets })

  async function raise(
    trx: Transaction<Schema>,
    signed: SignedFindings,
    reportVersionId: string,
  ): Promise<Alert[]> {
    const raised: Alert[] = []
    for (const alert of assembleAlerts(signed, dictionaries.inForce().dictionary, newId)) {
      await alerts.insert(trx, alert, reportVersionId)
      await events.begin(trx, alert)
      const standing = await events.append(trx, alert.id, { kind: 'released', unchecked: false })
      const message = {
        alertId: alert.id,
        patientIndex: patientIndex(protection, alert.patient.id),
        detail: { kind: 'notice' as const },
        recipient: alert.recipient,
        ward: alert.patient.ward,
        bed: alert.patient.bed,
      }
      const rows = await outbox.enqueue(trx, message, targetNames)
      raised.push(alertView(alert, standing, rows, alert.reporter.accountId))
    }
    return raised
  }

  return {
    dictionaries,
    analyse: (text, exam) => analyseReport(dictionaries.inForce().analyzer, text, exam),
    raise,
    alertsOf: async (studyInstanceUid, viewer) =>
      (await alerts.latest({ studyInstanceUid, show: 'all', limit: mostOfOneStudy }, viewer)).alerts,
    counts: alerts.counts,
    async start() {
      dictionary.start()
      await dispatcher.start()
    },
    wake: dispatcher.wake,
    async stop() {
      await dictionary.stop()
      await dispatcher.stop()
    },
    handlers: {
      ...dictionary.handlers,
      alerts: ({ query, principal }) =>
        alerts.latest(
          { studyInstanceUid: query.study, show: query.show, limit: query.limit },
          principal.accountId,
        ),
    },
  }
}
