import { VigilError } from '../../shared/errors/index.ts'
import type { AuditEntry } from '../audit/index.ts'
import type { Foundation } from '../foundation.ts'
import { auditActor, type Handlers } from '../http/index.ts'
import type { Backups } from './backups.ts'
import { failureCode } from './damaged.ts'

/** The officers' window on backups. Work that is begun here goes on by itself; how it came out is in the status. */
export function backupHandlers(
  foundation: Foundation,
  { backups }: { backups: Backups },
): Handlers<'backupStatus' | 'runBackup' | 'runDrill'> {
  const { audit, log } = foundation
  /** What goes on by itself is on record before it begins. */
  const note = (action: string, actor: AuditEntry['actor'], detail: Record<string, unknown> = {}) =>
    audit.record({ action, outcome: 'success', actor, detail })
  const begun = (what: string) => (error: unknown) => log.warn({ what, code: failureCode(error) }, 'backups')

  return {
    backupStatus: () => backups.status(),
    async runBackup({ body, principal, address }) {
      if ((await backups.status()).running) throw new VigilError('conflict', { field: 'backup' })
      const actor = auditActor(principal, address)
      await note('backup.started', actor, { kind: body.kind })
      void backups
        .run(body.kind, actor)
        .then(() => backups.send())
        .catch(begun('backup'))
      return {}
    },
    async runDrill({ principal, address }) {
      const { drilling, backups: list } = await backups.status()
      if (drilling) throw new VigilError('conflict', { field: 'drill' })
      if (!list.some(({ state }) => state === 'good')) throw new VigilError('not-found', { field: 'backup' })
      const actor = auditActor(principal, address)
      await note('backup.drill-started', actor)
      void backups.drill(actor).catch(begun('drill'))
      return {}
    },
  }
}
