import type { DamageLack, DamageRow } from '../../../shared/api/index.ts'
import type { Translate } from '../../i18n/index.ts'
import { wordOf } from '../frame/figures.ts'

/** What is wrong with it. SQLite's own codes, which are many, are named beside the word for them. */
export function damageText(t: Translate, what: string): string {
  return wordOf(
    t,
    `dataProtection.protection.damage.whats.${what}`,
    t('dataProtection.protection.damage.otherWhat', { code: what }),
  )
}

/** A table or kind of file in words; `audit-archive/2026-10` keeps its month. */
export function tableText(t: Translate, name: string): string {
  const [table = '', ...rest] = name.split('/')
  const word = wordOf(t, `dataProtection.protection.damage.tables.${table}`, table)
  return [word, ...rest].join(' ')
}

/** `reports.sealed_document/0c1f…` → 报告. */
export function placeText(t: Translate, { place }: Pick<DamageRow, 'place'>): string {
  return tableText(t, place.slice(0, Math.max(place.indexOf('.'), 0)) || place)
}

/** `backup:<id>` → 备份 <id>; empty while it is isolated. */
export function sourceText(t: Translate, { source }: Pick<DamageRow, 'source'>): string {
  const [kind = '', ...rest] = source.split(':')
  const word = wordOf(t, `dataProtection.protection.damage.sources.${kind}`, kind)
  return rest.length > 0 ? `${word} ${rest.join(':')}` : word
}

/** How many rows a table lacks, and which the newest backup could name. */
export function lackText(t: Translate, { missing, source, keys }: DamageLack): string {
  const which = missing > 0 ? 'lacks' : missing < 0 ? 'exceeds' : 'differs'
  const many = t(`dataProtection.protection.damage.rows.${which}`, { count: Math.abs(missing) })
  if (keys.length === 0) return many
  return `${many}${t('dataProtection.protection.damage.rows.there', {
    source: sourceText(t, { source }),
    keys: keys.join(', '),
  })}`
}

/** What a key is for; `master` is the one above them. */
export function purposeText(t: Translate, purpose: string): string {
  return wordOf(t, `dataProtection.protection.purposes.${purpose}`, purpose)
}

/** What an officer does about what could not be restored: a record of the audit is evidence, and not to be mended. */
export function todoText(t: Translate, { place }: Pick<DamageRow, 'place'>): string {
  return /^audit[._]/.test(place)
    ? t('dataProtection.alarm.kind.audit-broken.todo')
    : t('dataProtection.protection.damage.todo')
}
