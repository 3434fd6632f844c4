import type { GatewayConfig } from '../config/index.ts'

export interface Kept {
  id: string
  kind: 'full' | 'incremental'
  parent: string | null
  coversUntil: number
}

const day = 86_400_000

/** The week (from Monday) or the month that a moment lies in, UTC: a number that goes up by one. */
const weekOf = (at: number) => Math.floor((at / day + 3) / 7)
const monthOf = (at: number) => new Date(at).getUTCFullYear() * 12 + new Date(at).getUTCMonth()

/**
 * Which backups may go. Kept are: every one of the last `days` days; of each of the last `weeks` calendar weeks and `months`
 * calendar months the newest full one; the newest full one and the newest of all; and whatever one of those stands on.
 * `sent`: false where an off-site place still waits for it.
 */
export function mayGo(
  good: readonly Kept[],
  keep: GatewayConfig['backup']['keep'],
  now: number,
  sent: (id: string) => boolean,
): string[] {
  const byId = new Map(good.map((backup) => [backup.id, backup]))
  const newestFirst = [...good].sort((a, b) => b.coversUntil - a.coversUntil)
  const fulls = newestFirst.filter(({ kind }) => kind === 'full')
  const kept = new Set<string>()
  const keepWithParents = (backup: Kept | undefined): void => {
    if (!backup || kept.has(backup.id)) return
    kept.add(backup.id)
    if (backup.parent !== null) keepWithParents(byId.get(backup.parent))
  }
  const newestOfEach = (periodOf: (at: number) => number, periods: number): void => {
    for (let back = 0; back < periods; back++)
      keepWithParents(fulls.find(({ coversUntil }) => periodOf(coversUntil) === periodOf(now) - back))
  }

  for (const backup of good) {
    if (now - backup.coversUntil <= keep.days * day || !sent(backup.id)) keepWithParents(backup)
  }
  newestOfEach(weekOf, keep.weeks)
  newestOfEach(monthOf, keep.months)
  keepWithParents(fulls[0])
  keepWithParents(newestFirst[0])
  return newestFirst.filter(({ id }) => !kept.has(id)).map(({ id }) => id)
}
