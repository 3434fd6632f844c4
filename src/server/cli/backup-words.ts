import type { BackupRow, DrillRow, OffSiteRow } from '../../shared/api/backup.ts'
import type { FoundBackup } from '../backup/index.ts'

export function described(row: BackupRow): string {
  const until = row.coversUntil === null ? '-' : localTime(row.coversUntil)
  const copies = row.offSite.length > 0 ? `  also at ${row.offSite.join(', ')}` : ''
  const error = row.error ? ` (${row.error})` : ''
  return `${row.id}  ${row.kind.padEnd(11)}  ${row.state}${error}  up to ${until}  ${mebibytes(row.bytes)}${copies}`
}

export function describedAt({ id, header, state, why, bytes }: FoundBackup): string {
  const what = header ? `${header.kind.padEnd(11)}  ` : ''
  const until = header ? `  up to ${localTime(header.coversUntil)}` : ''
  const size = bytes === null ? '' : `  ${mebibytes(bytes)}`
  return `${id}  ${what}${state}${until}${size}${why ? `: ${why}` : ''}`
}

export function describedPlace(place: OffSiteRow): string {
  const waits =
    place.waitingBytes > 0
      ? `${mebibytes(place.waitingBytes)} wait, ${place.lagSeconds} s behind`
      : 'has everything'
  const refused =
    place.refusedRemovals > 0
      ? `; keeps ${place.refusedRemovals} old ones that it does not let be removed`
      : ''
  return `${place.name} (${place.kind}): ${waits}${refused}${place.lastError ? `; last attempt: ${place.lastError}` : ''}`
}

export function describedDrill(row: DrillRow): string {
  const head =
    `${localTime(row.startedAt)}  ${row.outcome.toUpperCase()}  backup ${row.backupId || '-'} from ${row.source}: ` +
    `restored in ${row.restoreSeconds} s (RTO), would have lost ${Math.round(row.lossSeconds)} s (RPO)`
  return [head, ...row.checks.map((check) => `    ${describedCheck(check)}`)].join('\n')
}

export const describedCheck = ({ name, passed, figure }: DrillRow['checks'][number]): string =>
  `${passed ? 'ok    ' : 'FAILED'} ${name}: ${figure}`

export const mebibytes = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(1)} MiB`

export function localTime(at: number): string {
  const offset = new Date(at).getTimezoneOffset() * 60_000
  return new Date(at - offset).toISOString().slice(0, 19).replace('T', ' ')
}

/** On a terminal, how far it is. */
export function progressLine(): (done: number, total: number) => void {
  if (!process.stderr.isTTY) return () => {}
  let shown = -1
  return (done, total) => {
    const percent = Math.floor((100 * done) / Math.max(1, total))
    if (percent === shown) return
    shown = percent
    process.stderr.write(`\r${percent} % of ${mebibytes(total)}${percent === 100 ? '\n' : ''}`)
  }
}
