import type { DrillRow } from '../../../shared/api/index.ts'
import type { Translate } from '../../i18n/index.ts'
import { wordOf } from '../frame/figures.ts'

/** Why a backup, a copy or a restore did not come about. A system's own code, which no list can hold, is named beside the word for it. */
export function backupCodeText(t: Translate, code: string): string {
  return wordOf(t, `dataProtection.backup.code.${code}`, t('dataProtection.backup.otherCode', { code }))
}

export function checkText(t: Translate, name: string): string {
  return wordOf(t, `dataProtection.backup.check.${name}`, name)
}

/** What a drill counted, or found wrong, in words. */
export function checkFigureText(t: Translate, { name, figure }: DrillRow['checks'][number]): string {
  if (name === 'restore') return backupCodeText(t, figure)
  const [, seq, fault] = /^(\d+): ([a-z-]+)$/.exec(figure) ?? []
  if (seq && fault) return wordOf(t, `auditor.chain.fault.${fault}`, figure, { seq })
  if (!/^\d+$/.test(figure)) return figure
  const count = Number(figure).toLocaleString('en-US')
  return wordOf(t, `dataProtection.backup.figure.${name}`, count, { count })
}

/** 本机 for the gateway's own backups; the name of a place for its copies. */
export function sourceText(t: Translate, source: string): string {
  return wordOf(t, `dataProtection.backup.sources.${source}`, source)
}
