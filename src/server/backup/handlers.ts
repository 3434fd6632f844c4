import { VigilError } from '../../shared/errors/index.ts'
import type { Foundation } from '../foundation.ts'
import { auditActor, type Handlers } from '../http/index.ts'
import type { Backups } from './backups.ts'
import { failureCode } from './damaged.ts'

/** The officers' window on backups. Work that is begun here goes on by itself; how it came out is in the status. */
export function backupHandlers(
  foundation: Foundation,
  { backups }: { backups: Backups },
): Handlers<'backupStatus' | 'runBackup' | 'runDrill'> {
  const { log } = foundation
  const begun = (what: string) => (error: unknown) => log.warn({ what, code: failureCode(error) }, 'backups')

  return {
    backupStatus: () => backups.status(),
    async runBackup({ body, principal, address }) {
      if ((await backups.status()).running) throw new VigilError('conflict', { field: 'backup' })
      void backups
        .run(body.kind, auditActor(principal, address))
        .then(() => backups.send())
        .catch(begun('backup'))
      return {}
    },
    async runDrill({ principal, address }) {
      const { drilling, backups: list } = await backups.status()
      if (drilling) throw new VigilError('conflict', { field: 'drill' })
      if (!list.some(({ state }) => state === 'good')) throw new VigilError('not-found', { field: 'backup' })
      void backups.drill(auditActor(principal, address)).catch(begun('drill'))
      return {}
    },
  }
}
