import { isDeepStrictEqual } from 'node:util'
import type { Transaction } from 'kysely'
import type { AlertEvent } from '../../../shared/alert/index.ts'
import { VigilError } from '../../../shared/errors/index.ts'
import type { AlertAttention } from '../../../shared/session/index.ts'
import type { AuditEntry } from '../../audit/index.ts'
import type { Foundation, SessionPrincipal } from '../../foundation.ts'
import { auditActor } from '../../http/index.ts'
import type { Handlers } from '../../http/route-handlers.ts'
import type { DamageReports } from '../../integrity/index.ts'
import type { StudyGuard } from '../../sensitivity/index.ts'
import type { Queries, Schema } from '../../store/index.ts'
import type { Outbox } from '../delivery/outbox.ts'
import type { AlertEvents, AlertStanding } from './alert-events.ts'
import type { AlertStore } from './alert-store.ts'
import { alertView, deliveryView, maskedAlertView } from './alert-view.ts'
import { createPhoneCalls, eventsOfCall } from './phone-call.ts'
import type { RaisedAlert } from './raised-alert.ts'
import type { SecondPerson } from './second-person.ts'
import type { Person, Withdraw } from './withdrawal.ts'

export type AlertRoutes =
  | 'alerts'
  | 'alert'
  | 'withdrawAlert'
  | 'checkAlert'
  | 'objectToAlert'
  | 'recordPhoneCall'
  | 'closeAlert'

interface Asked {
  principal: SessionPrincipal
  params: { alert: string }
  address: string
}

/** One thing that a person does about an alert. */
interface Action {
  /** As in the audit, where it is refused. */
  name: string
  /** True where the very same request was carried out before: its answer was lost on the way. */
  done(past: readonly AlertEvent[], alert: RaisedAlert): boolean
  /** What takes longer than a transaction may. */
  before?(alert: RaisedAlert): Promise<void>
  work(trx: Transaction<Schema>, alert: RaisedAlert, actor: AuditEntry['actor']): Promise<AlertStanding>
  why?: AlertAttention['why']
}

/** What people ask of alerts, and do about them: each in one transaction with its audit. */
export function alertHandlers(
  { store, audit, clock }: Pick<Foundation, 'store' | 'audit' | 'clock'>,
  deps: {
    alerts: AlertStore
    events: AlertEvents
    outbox: Pick<Outbox, 'overtake'>
    withdraw: Withdraw
    secondPerson: SecondPerson
    damage: DamageReports
    restriction: StudyGuard
    wake: () => void
  },
): Handlers<AlertRoutes> {
  const { alerts, events, withdraw, secondPerson, damage, restriction, wake } = deps
  const recordCall = createPhoneCalls(clock, deps)

  async function look(queries: Queries, id: string, { done }: Action) {
    const alert = await alerts.existing(queries, id)
    const past = await events.of(queries, id)
    return {
      alert,
      again: done(
        past.map(({ event }) => event),
        alert,
      ),
    }
  }

  /** @throws VigilError `study-restricted` where the alert is of a study that the person may not open. */
  async function mustBeOpen(alert: RaisedAlert, principal: SessionPrincipal): Promise<void> {
    const text = `${alert.content} ${alert.excerpt} ${alert.keyword}`
    const kept = await restriction(principal, alert.exam.studyInstanceUid, { text })
    if (kept) throw new VigilError('study-restricted', { sensitivity: kept.sensitivity })
  }

  async function act({ principal, params, address }: Asked, action: Action): Promise<Record<string, never>> {
    const actor = auditActor(principal, address)
    try {
      const { alert, again } = await look(store.db, params.alert, action)
      await mustBeOpen(alert, principal)
      if (again) return {}
      await action.before?.(alert)
      const standing = await store.transaction(async (trx) => {
        const now = await look(trx, params.alert, action)
        return now.again ? null : action.work(trx, now.alert, actor)
      })
      if (standing) {
        events.announce(standing, action.why)
        wake()
      }
      return {}
    } catch (error) {
      if (error instanceof VigilError)
        await audit.record({
          action: `alert.${action.name}`,
          outcome: 'refused',
          actor,
          object: { kind: 'alert', id: params.alert },
          detail: { code: error.code },
        })
      throw await damage.refusal(error)
    }
  }

  return {
    alerts: async ({ query: { study: studyInstanceUid, show, limit }, principal }) => {
      const listed = await alerts.latest({ studyInstanceUid, show, limit }, principal.accountId)
      const shown: typeof listed.alerts = []
      for (const alert of listed.alerts) {
        const text = `${alert.content} ${alert.keyword}`
        const kept = await restriction(principal, alert.studyInstanceUid, { text })
        shown.push(kept ? maskedAlertView(alert) : alert)
      }
      return { ...listed, alerts: shown }
    },

    alert: async ({ principal, params, address }) => {
      try {
        const alert = await alerts.existing(store.db, params.alert)
        await mustBeOpen(alert, principal).catch(async (refusal: unknown) => {
          await audit.record({
            action: 'alert.read',
            outcome: 'refused',
            actor: auditActor(principal, address),
            object: { kind: 'alert', id: alert.id },
            detail: { code: 'study-restricted' },
          })
          throw refusal
        })
        const standing = await events.standing(store.db, alert.id)
        const rows = (await alerts.deliveriesOf([alert.id])).get(alert.id) ?? []
        return {
          alert: alertView(alert, standing, rows, principal.accountId),
          excerpt: alert.excerpt,
          patientPhone: alert.patient.phone,
          orderingDoctor: alert.order.orderingDoctor,
          orderingDepartment: alert.order.orderingDepartment,
          itemName: alert.order.itemName,
          events: await events.of(store.db, alert.id),
          deliveries: rows.map(deliveryView),
        }
      } catch (error) {
        throw await damage.refusal(error)
      }
    },

    withdrawAlert: (asked) => {
      const by = personOf(asked.principal)
      const { reason } = asked.body
      return act(asked, {
        name: 'withdraw',
        done: (past) =>
          past.some((event) => event.kind === 'withdrawn' && isBy(event, by) && event.reason === reason),
        work: (trx, alert, actor) => withdraw(trx, alert, { by, reason }, actor),
      })
    },

    checkAlert: (asked) => {
      const by = personOf(asked.principal)
      const signature = asked.body
      let canonical = ''
      return act(asked, {
        name: 'check',
        done: (past) => past.some((event) => event.kind === 'checked' && !event.twice && isBy(event, by)),
        before: async (alert) => {
          canonical = await secondPerson.prove(alert, by, signature)
        },
        work: (trx, alert, actor) => secondPerson.confirm(trx, alert, { by, signature, canonical }, actor),
      })
    },

    objectToAlert: (asked) => {
      const by = personOf(asked.principal)
      const { remark } = asked.body
      return act(asked, {
        name: 'object',
        done: (past) =>
          past.some((event) => event.kind === 'check-objected' && isBy(event, by) && event.remark === remark),
        work: (trx, alert, actor) => secondPerson.object(trx, alert, { by, remark }, actor),
        why: 'check-objected',
      })
    },

    recordPhoneCall: (asked) => {
      const by = personOf(asked.principal)
      const call = asked.body
      return act(asked, {
        name: 'call',
        // Two calls within a minute may say the same time: only one that says all the same is a repeat.
        done: (past, { raisedAt }) =>
          eventsOfCall(call, by, { now: clock(), raisedAt }).every((told) =>
            past.some((event) => isDeepStrictEqual(event, told)),
          ),
        work: (trx, alert, actor) => recordCall(trx, alert, { call, by }, actor),
      })
    },

    closeAlert: (asked) => {
      const by = personOf(asked.principal)
      return act(asked, {
        name: 'close',
        done: (past) => past.some((event) => event.kind === 'closed' && event.by?.accountId === by.accountId),
        work: async (trx, { id }, actor) => {
          const { status } = (await events.standing(trx, id)).state
          if (status === 'closed' || status === 'withdrawn') throw new VigilError('alert-not-open')
          if (status !== 'handled') throw new VigilError('conflict', { reason: 'not-handled' })
          return events.append(trx, id, { kind: 'closed', by }, actor)
        },
      })
    },
  }
}

function personOf({ accountId, displayName }: SessionPrincipal): Person {
  return { accountId, name: displayName }
}

function isBy(event: { by: Person }, { accountId }: Person): boolean {
  return event.by.accountId === accountId
}
