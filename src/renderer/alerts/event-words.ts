import type { AlertEvent, Clinician, Recipient } from '../../shared/alert/index.ts'
import { alertsZh } from '../i18n/alerts.zh-CN.ts'
import { clockTime, type Translate } from '../i18n/index.ts'
import { interfacesZh } from '../i18n/interfaces.zh-CN.ts'

/** An event as a line of the record: what happened, and what is to be known of it. */
export interface EventWords {
  title: string
  /** Sentences and names that belong to it; none is empty. */
  facts: string[]
  tone: 'plain' | 'good' | 'bad'
}

/** Every kind of event in words. */
export function eventWords(t: Translate, event: AlertEvent): EventWords {
  switch (event.kind) {
    case 'raised':
      return words(t('alerts.event.raised'))
    case 'check-requested':
      return words(t('alerts.event.checkRequested'), [
        t('alerts.event.checkUntil', { time: clockTime(event.until) }),
      ])
    case 'checked':
      return words(
        t(event.twice ? 'alerts.event.checkedTwice' : 'alerts.event.checked', { name: event.by.name }),
        [],
        'good',
      )
    case 'check-objected':
      return words(t('alerts.event.checkObjected', { name: event.by.name }), [event.remark], 'bad')
    case 'released':
      return event.unchecked
        ? words(t('alerts.event.releasedUnchecked'), [], 'bad')
        : words(t('alerts.event.released'))
    case 'delivered':
      return words(t(`alerts.event.delivered.${event.message}`), [event.target], 'good')
    case 'refused':
      return words(
        t(`alerts.event.refused.${event.message}`),
        [event.target, deliveryError(t, event.error)],
        'bad',
      )
    case 'replayed':
      return words(t('alerts.event.replayed', { name: event.by.name }), [event.target])
    case 'received':
      return words(
        t('alerts.event.received', { who: clinicianText(t, event.by) }),
        [
          t(event.readBack ? 'alerts.readBack.yes' : 'alerts.readBack.no'),
          t(`alerts.source.${event.source}`),
          t('alerts.event.theirTime', { time: clockTime(event.at) }),
        ],
        'good',
      )
    case 'handled':
      return words(
        t('alerts.event.handled', { who: clinicianText(t, event.by) }),
        [
          event.measure,
          event.opinion,
          t(`alerts.source.${event.source}`),
          t('alerts.event.theirTime', { time: clockTime(event.at) }),
        ],
        'good',
      )
    case 'closed':
      return words(
        event.by ? t('alerts.event.closed', { name: event.by.name }) : t('alerts.event.closedByItself'),
        [],
        'good',
      )
    case 'escalated':
      return words(
        t('alerts.event.escalated', { to: recipientText(t, event.to), hop: event.hop }),
        [t(`alerts.unanswered.${event.awaited}`), event.to.phone, skippedText(t, event.skipped)],
        'bad',
      )
    case 'exhausted':
      return words(
        t('alerts.event.exhausted'),
        [t(`alerts.unanswered.${event.awaited}`), skippedText(t, event.skipped)],
        'bad',
      )
    case 'rerouted':
      return words(t('alerts.event.rerouted', { to: recipientText(t, event.to) }), [
        [event.ward, event.bed].filter(Boolean).join(' / '),
      ])
    case 'called':
      return words(
        t(event.reached ? 'alerts.event.called' : 'alerts.event.calledInVain', {
          name: event.by.name,
          who: clinicianText(t, event.called),
        }),
        [
          event.called.phone,
          event.reached ? t(event.readBack ? 'alerts.readBack.yes' : 'alerts.readBack.no') : '',
          t('alerts.event.callTime', { time: clockTime(event.at) }),
          event.remark,
        ],
        event.reached ? 'good' : 'bad',
      )
    case 'withdrawn':
      return words(t('alerts.event.withdrawn', { name: event.by.name }), [event.reason], 'bad')
  }
}

/** Hops that nobody is known of. */
function skippedText(t: Translate, skipped: readonly Recipient['kind'][] = []): string {
  if (skipped.length === 0) return ''
  return t('alerts.event.skipped', {
    hops: skipped.map((kind) => t(`alerts.recipientKind.${kind}`)).join('、'),
  })
}

function words(title: string, facts: readonly string[] = [], tone: EventWords['tone'] = 'plain'): EventWords {
  return { title, facts: facts.filter((fact) => fact.trim() !== ''), tone }
}

/** 护士 陈静; the role alone where no name was given, the name alone where it says what the role does not. */
export function clinicianText(t: Translate, { name, role }: Pick<Clinician, 'name' | 'role'>): string {
  if (role === 'other' && name !== '') return name
  return [t(`alerts.role.${role}`), name].filter(Boolean).join(' ')
}

/** 科主任 王某（心内科）. The kind is left out where the name says it; the duty office is the whole hospital's. */
export function recipientText(t: Translate, { kind, name, department }: Recipient): string {
  const what = t(`alerts.recipientKind.${kind}`)
  const whom = name === '' ? what : name.includes(what) ? name : `${what} ${name}`
  return kind === 'duty-office' || department === '' || whom.includes(department)
    ? whom
    : t('alerts.inDepartment', { whom, department })
}

type Known = keyof typeof interfacesZh.error
type Prefix = keyof typeof alertsZh.deliveryError

/**
 * Why a hospital system did not take a message. Of `AE:207` or `http:503` the first part says what it was, and the code
 * stands beside it; what is not known here stands as it is.
 */
export function deliveryError(t: Translate, code: string): string {
  if (Object.hasOwn(interfacesZh.error, code)) return t(`interfaces.error.${code as Known}`)
  const [prefix = ''] = code.split(':')
  const known = Object.hasOwn(alertsZh.deliveryError, prefix)
    ? t(`alerts.deliveryError.${prefix as Prefix}`)
    : ''
  return known === '' || prefix === code ? known || whole(t, code) : `${known} ${whole(t, code)}`
}

function whole(t: Translate, code: string): string {
  return t('alerts.deliveryErrorOther', { code })
}
