import { decide, scrubbed } from '../../shared/access/index.ts'
import { veiledAlert, veiledAlertDetail } from '../../shared/alert/veil.ts'
import type { AuditTrail } from '../audit/index.ts'
import { auditActor, type Handlers } from '../http/index.ts'
import type { VeilsFor } from './veils.ts'

type Routes = 'alerts' | 'alert' | 'dryRun'

/**
 * Alerts, and sentences of reports in a dry run, without the fields that a person sees masked. Whoever is to confirm an alert has it
 * whole, with an audit of it: what is signed is what goes out.
 */
export function veiledAlerts(
  handlers: Handlers<Routes>,
  deps: { veils: VeilsFor; audit: Pick<AuditTrail, 'record'> },
): Handlers<Routes> {
  const { veils, audit } = deps
  return {
    async alerts(request) {
      const answer = await handlers.alerts(request)
      const veilOf = await veils(request.principal)
      return {
        ...answer,
        alerts: answer.alerts.map((alert) => veiledAlert(alert, veilOf(alert.studyInstanceUid))),
      }
    },

    async alert(request) {
      const { principal, address } = request
      const detail = await handlers.alert(request)
      const { alert } = detail
      const veil = (await veils(principal))(alert.studyInstanceUid)
      const shown = veiledAlertDetail(detail, veil)
      const checks = alert.state.status === 'awaiting-check' && !alert.own && decide(principal, 'alert.check')
      // The telephone number is no part of what is confirmed.
      const other = (['patientName', 'patientId', 'content'] as const).filter(
        (field) => shown.alert[field] !== alert[field],
      )
      if (!checks || other.length === 0) return shown
      await audit.record({
        action: 'identity.revealed',
        outcome: 'success',
        actor: auditActor(principal, address),
        object: { kind: 'alert', id: alert.id },
        about: [{ kind: 'study', id: alert.studyInstanceUid }],
        detail: { because: 'alert-check', fields: other },
      })
      return { ...detail, patientPhone: shown.patientPhone }
    },

    async dryRun(request) {
      const run = await handlers.dryRun(request)
      const veilOf = await veils(request.principal)
      const plain = (hit: (typeof run.fires)[number]) => ({
        ...hit,
        excerpt: scrubbed(hit.excerpt, veilOf(hit.studyInstanceUid)),
      })
      return { ...run, fires: run.fires.map(plain), stops: run.stops.map(plain) }
    },
  }
}
