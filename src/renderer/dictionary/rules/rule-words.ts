import type { RuleChange, RuleValue } from '../../../shared/dictionary/index.ts'
import type { Translate } from '../../i18n/index.ts'

type Look = (key: string, options?: Record<string, unknown>) => string

/** A rule's name from its path: `deadlines.red.receiveMinutes` is 红 · 接收时限. */
export function ruleName(t: Translate, path: string): string {
  const look = t as unknown as Look
  const contact = /^contacts\[([a-z-]+)\/(.*)\]\.(\w+)$/.exec(path)
  if (contact) {
    const [, kind = '', department = '', field = ''] = contact
    return [
      t('dictionary.rules.contactOf'),
      look(`dictionary.recipients.${kind}`),
      department || t('dictionary.rules.everyDepartment'),
      look(`dictionary.rules.contact.${field}`),
    ].join(' · ')
  }
  const deadline = /^deadlines\.(\w+)\.(\w+)$/.exec(path)
  if (deadline) return `${look(`level.${deadline[1]}`)} · ${look(`dictionary.rules.${deadline[2]}`)}`
  return look(`dictionary.rules.path.${path.replaceAll('.', '-')}`, { defaultValue: path })
}

export function ruleValue(t: Translate, path: string, value: RuleValue): string {
  const look = t as unknown as Look
  const word = (each: string) =>
    path === 'recipient' || path === 'escalation' || path.endsWith('.kind')
      ? look(`dictionary.recipients.${each}`)
      : path === 'secondCheck.mode'
        ? look(`dictionary.rules.checkModes.${each}`)
        : each
  if (value === null || value === '') return t('administration.none')
  if (typeof value === 'boolean') return t(value ? 'administration.yes' : 'administration.no')
  if (typeof value === 'number') return `${value}${unitOf(t, path)}`
  return typeof value === 'string' ? word(value) : value.map(word).join(' → ') || t('administration.none')
}

function unitOf(t: Translate, path: string): string {
  if (path.endsWith('Minutes')) return ` ${t('dictionary.rules.minutes')}`
  return path.endsWith('Hours') ? ` ${t('dictionary.rules.hours')}` : ''
}

/** Not the fields that only say again which contact it is, nor what was empty and is. */
export function isTold({ path, before, after }: RuleChange): boolean {
  if (/^contacts\[.*\]\.(kind|department)$/.test(path)) return false
  return !(isEmpty(before) && isEmpty(after))
}

function isEmpty(value: RuleValue): boolean {
  return value === null || value === '' || (Array.isArray(value) && value.length === 0)
}
