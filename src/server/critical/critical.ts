import type { Alert } from '../../shared/alert/index.ts'
import type { Announcements, Foundation } from '../foundation.ts'
import type { Handlers } from '../http/route-handlers.ts'
import type { Incoming } from '../incoming/index.ts'
import { createDamageReports } from '../integrity/index.ts'
import type { StudyGuard } from '../sensitivity/index.ts'
import type { Queries } from '../store/index.ts'
import type { VerifyAlertCheck } from './alerts/alert-check.ts'
import { type AlertStanding, createAlertEvents } from './alerts/alert-events.ts'
import { type AlertFacts, createAlertFacts } from './alerts/alert-facts.ts'
import { createAlertIds, newestId } from './alerts/alert-id.ts'
import { type AlertCounts, createAlertStore, type KeptAlerts } from './alerts/alert-store.ts'
import { alertView } from './alerts/alert-view.ts'
import { type AlertRoutes, alertHandlers } from './alerts/handlers.ts'
import { createRaising, type Raise } from './alerts/raising.ts'
import { createRelease } from './alerts/release.ts'
import { createRerouting, type RerouteFor } from './alerts/rerouting.ts'
import { createSecondPerson } from './alerts/second-person.ts'
import { createWithdrawal, type Withdraw } from './alerts/withdrawal.ts'
import { createDispatcher } from './delivery/dispatcher.ts'
import type { InterfaceRoutes } from './delivery/interface-handlers.ts'
import { createOutbox } from './delivery/outbox.ts'
import {
  createDictionary,
  type Dictionaries,
  type DictionaryHandlers,
  type PastReports,
} from './dictionary/index.ts'
import { createLoop, type TakeReply } from './loop/index.ts'

/** Critical values (危急值): the dictionary, the authoritative analysis, alerts, their delivery, and the loop until they are answered. */
export interface Critical {
  readonly dictionaries: Dictionaries
  /** Part of the transaction that signs a report. Call `settled` once that has committed. */
  readonly raise: Raise
  /** Likewise. */
  readonly withdraw: Withdraw
  /** What was raised or withdrawn has been committed: tells everybody, and sends. */
  settled(standings: readonly AlertStanding[]): void
  /** Newest first; under any of the blind indexes of the patient's ids, raised since then (epoch ms). */
  alertsOfPatient(queries: Queries, patientIndexes: readonly string[], since: number): Promise<KeptAlerts>
  alertsOfReport(queries: Queries, reportId: string): Promise<KeptAlerts>
  /** The alerts that one version of a report raised, as `viewer` (an account id) sees them. */
  raisedBy(reportId: string, version: number, viewer: string): Promise<Alert[]>
  readonly rerouteFor: RerouteFor
  /** What figures over alerts are made from. */
  readonly alertFacts: AlertFacts
  /** An answer of a clinician, whichever way it came. */
  readonly takeReply: TakeReply
  /** By blind study index; of these studies only, where they are named. */
  counts(studyIndexes?: readonly string[]): Promise<Map<string, AlertCounts>>
  /**
   * Starts delivery, first what an earlier run of the gateway left; then the ways in for answers, and the clock.
   * @throws Error naming the file or port that a listener cannot be started with.
   */
  start(): Promise<void>
  wake(): void
  stop(): Promise<void>
  readonly handlers: DictionaryHandlers & Handlers<AlertRoutes | InterfaceRoutes>
}

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
  incoming: Incoming
  /** What keeps a person from alerts, and sentences, of studies whose sensitivity label is above their clearance. */
  restriction: StudyGuard
}): Promise<Critical> {
  const { foundation, announcements } = deps
  const { config, clock, random, store } = foundation
  const newId = createAlertIds(clock, random, await newestId(store.db))
  const damage = createDamageReports(foundation)
  const dictionary = await createDictionary(foundation, { ...deps, damage, starting: deps.dictionary })
  const { dictionaries } = dictionary
  const events = createAlertEvents(foundation, { announcements, newId })
  const outbox = createOutbox(foundation, newId)
  const alerts = createAlertStore(foundation, { damage, events })
  const targets = config.criticalTargets
  const targetNames = targets.map(({ name }) => name)
  const sendingTo = { outbox, alerts, events, targets, newId }
  const dispatcher = createDispatcher({ foundation, announcements, damage, ...sendingTo })

  const { wake } = dispatcher
  const sending = { events, outbox, targets: targetNames }
  const release = createRelease(foundation, sending)
  const withdraw = createWithdrawal(foundation, sending)
  const secondPerson = createSecondPerson(foundation, { ...deps, events, release })
  const loop = createLoop({
    foundation,
    announcements,
    incoming: deps.incoming,
    damage,
    events,
    alerts,
    outbox,
    release,
    targets: targetNames,
    polled: dispatcher.polled,
    contacts: () => dictionaries.inForce().dictionary.rules.contacts,
    queued: wake,
  })
  /** Something goes out, and something has another deadline. */
  const changed = () => {
    wake()
    loop.wake()
  }

  return {
    dictionaries,
    raise: createRaising(foundation, { alerts, events, release, newId }),
    withdraw,
    settled(standings) {
      for (const standing of standings)
        events.announce(standing, standing.state.status === 'awaiting-check' ? 'check-requested' : undefined)
      changed()
    },
    alertsOfPatient: alerts.ofPatient,
    alertsOfReport: alerts.ofReport,
    async raisedBy(reportId, version, viewer) {
      const { alerts: found, damaged } = await alerts.ofReport(store.db, reportId, version)
      for (const place of damaged) await damage.report(place)
      const deliveries = await alerts.deliveriesOf(found.map(({ alert }) => alert.id))
      return found.map(({ alert, standing }) =>
        alertView(alert, standing, deliveries.get(alert.id) ?? [], viewer),
      )
    },
    rerouteFor: createRerouting(foundation, { ...sending, alerts, damage, dictionaries, wake: changed }),
    takeReply: loop.takeReply,
    alertFacts: createAlertFacts(foundation, { alerts, events, damage }),
    counts: alerts.counts,
    async start() {
      dictionary.start()
      await dispatcher.start()
      await loop.start()
    },
    wake: changed,
    async stop() {
      await loop.stop()
      await dictionary.stop()
      await dispatcher.stop()
    },
    handlers: {
      ...dictionary.handlers,
      ...dispatcher.handlers,
      ...alertHandlers(foundation, {
        alerts,
        events,
        outbox,
        withdraw,
        secondPerson,
        damage,
        restriction: deps.restriction,
        wake: changed,
      }),
    },
  }
}
