import type { Foundation } from '../../foundation.ts'
import type { DamageReports } from '../../integrity/index.ts'
import type { Outbox } from '../delivery/outbox.ts'
import type { Dictionaries } from '../dictionary/dictionaries.ts'
import type { AlertEvents, AlertStanding } from './alert-events.ts'
import type { AlertStore, KeptAlert } from './alert-store.ts'
import { messageAbout } from './message.ts'
import { recipientOf } from './recipients.ts'

/** Where a patient is now. */
export interface PatientPlace {
  ward: string
  bed: string
  department: string
}

/**
 * A patient was moved: what is still to be answered follows to the new ward. Asking again for the same ward does nothing.
 * @returns how many alerts were re-routed.
 */
export type RerouteFor = (patientIndexes: readonly string[], place: PatientPlace) => Promise<number>

export function createRerouting(
  { store, protection }: Pick<Foundation, 'store' | 'protection'>,
  deps: {
    alerts: AlertStore
    events: AlertEvents
    outbox: Outbox
    damage: DamageReports
    dictionaries: Dictionaries
    targets: readonly string[]
    wake: () => void
  },
): RerouteFor {
  const { alerts, events, outbox, damage, dictionaries, targets, wake } = deps

  const concerned = ({ standing: { state, ward } }: KeptAlert, place: PatientPlace) =>
    state.status !== 'closed' &&
    state.status !== 'withdrawn' &&
    state.handledAt === null &&
    ward !== place.ward

  function newRecipient({ alert, standing: { recipient } }: KeptAlert, place: PatientPlace) {
    // The doctor who asked for the exam is told wherever the patient lies.
    if (recipient.kind === 'doctor') return recipient
    const { contacts } = dictionaries.inForce().dictionary.rules
    const department = place.department || alert.order.orderingDepartment
    const to = recipientOf(
      recipient.kind,
      { ...place, department, doctor: alert.order.orderingDoctor },
      contacts,
    )
    return to.name === '' ? recipient : to
  }

  return async (patientIndexes, place) => {
    if (place.ward === '' || patientIndexes.length === 0) return 0
    const { moved, damaged } = await store.transaction(async (trx) => {
      const found = await alerts.ofPatient(trx, patientIndexes, 0)
      const moved: AlertStanding[] = []
      for (const kept of found.alerts.filter((candidate) => concerned(candidate, place)).reverse()) {
        const { alert } = kept
        const to = newRecipient(kept, place)
        const event = { kind: 'rerouted' as const, to, ward: place.ward, bed: place.bed }
        const standing = await events.append(trx, alert.id, event)
        // One that waits for its check goes to the new ward at once, when it goes out.
        if (standing.state.releasedAt !== null)
          await outbox.enqueue(trx, messageAbout(protection, alert, standing, { kind: 'reroute' }), targets)
        moved.push(standing)
      }
      return { moved, damaged: found.damaged }
    })
    for (const where of damaged) await damage.report(where)
    for (const standing of moved) events.announce(standing)
    if (moved.length > 0) wake()
    return moved.length
  }
}
