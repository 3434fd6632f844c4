import type { BackupRow, BackupStatus } from '../../../shared/api/index.ts'
import type { Translate } from '../../i18n/index.ts'
import { dayTime, durationText } from '../frame/figures.ts'
import { backupCodeText } from './backup-words.ts'

export interface Sentence {
  key: string
  tone: 'ok' | 'warn' | 'bad' | 'plain'
  text: string
}

/** How the backups stand, as one would tell it: the last ones, what would be lost now, the last drill, what comes next. */
export function summaryOf(t: Translate, status: BackupStatus, now: number): Sentence[] {
  const finished = status.backups
    .filter(({ state }) => state !== 'running')
    .toSorted((a, b) => b.startedAt - a.startedAt)
  const good = finished.filter(({ state }) => state === 'good')
  const full = good.find(({ kind }) => kind === 'full')
  const newest = good[0]
  const last = finished[0]
  return [
    ...(last && last.state === 'failed' ? [failedSentence(t, last, now)] : []),
    ...(full ? [goodSentence(t, full, now)] : []),
    ...(newest && newest !== full ? [goodSentence(t, newest, now)] : []),
    lossSentence(t, good, now),
    drillSentence(t, status, now),
    nextSentence(t, status, now),
  ]
}

function goodSentence(t: Translate, row: BackupRow, now: number): Sentence {
  const copies = row.offSite.length
  return {
    key: `good-${row.kind}`,
    tone: row.verifiedAt === null || copies === 0 ? 'warn' : 'ok',
    text: t('dataProtection.backup.good', {
      time: dayTime(t, row.startedAt, now),
      kind: t(`dataProtection.backup.kinds.${row.kind}`),
      verified: t(`dataProtection.backup.${row.verifiedAt === null ? 'unverified' : 'verified'}`),
      copies:
        copies > 0
          ? t('dataProtection.backup.copies', { count: copies })
          : t('dataProtection.backup.noCopies'),
    }),
  }
}

function failedSentence(t: Translate, row: BackupRow, now: number): Sentence {
  return {
    key: 'failed',
    tone: 'bad',
    text: t('dataProtection.backup.failedLast', {
      time: dayTime(t, row.startedAt, now),
      kind: t(`dataProtection.backup.kinds.${row.kind}`),
      error: backupCodeText(t, row.error ?? 'failed'),
    }),
  }
}

function lossSentence(t: Translate, good: readonly BackupRow[], now: number): Sentence {
  const covered = Math.max(...good.map(({ coversUntil }) => coversUntil ?? 0), 0)
  if (covered === 0) return { key: 'loss', tone: 'bad', text: t('dataProtection.backup.noBackup') }
  return {
    key: 'loss',
    tone: 'plain',
    text: t('dataProtection.backup.loss', { time: durationText(t, now - covered) }),
  }
}

function drillSentence(t: Translate, { drills }: BackupStatus, now: number): Sentence {
  const last = drills.toSorted((a, b) => b.startedAt - a.startedAt)[0]
  if (!last) return { key: 'drill', tone: 'warn', text: t('dataProtection.backup.noDrill') }
  return {
    key: 'drill',
    tone: last.outcome === 'passed' ? 'ok' : 'bad',
    text: t('dataProtection.backup.drilled', {
      time: dayTime(t, last.startedAt, now),
      outcome: t(`dataProtection.backup.outcomes.${last.outcome}`),
      restore: durationText(t, last.restoreSeconds * 1000),
      loss: durationText(t, last.lossSeconds * 1000),
    }),
  }
}

function nextSentence(t: Translate, status: BackupStatus, now: number): Sentence {
  const time = (at: number | null) => (at === null ? t('dataProtection.unknown') : dayTime(t, at, now))
  return {
    key: 'next',
    tone: 'plain',
    text: t('dataProtection.backup.next', {
      full: time(status.nextFullAt),
      incremental: time(status.nextIncrementalAt),
      drill: time(status.nextDrillAt),
    }),
  }
}
