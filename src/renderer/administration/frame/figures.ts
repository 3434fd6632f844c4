import { clockTime, dateOf, type Translate } from '../../i18n/index.ts'

const day = 86_400_000

/** 今天 10:32, 昨天 01:00, 明天 01:00, 2026-11-20 01:00; 从未 where there is none. */
export function dayTime(t: Translate, at: number | null, now: number): string {
  if (at === null) return t('dataProtection.never')
  const time = clockTime(at).slice(0, 5)
  if (dateOf(at) === dateOf(now)) return t('dataProtection.today', { time })
  if (dateOf(at) === dateOf(now - day)) return t('dataProtection.yesterday', { time })
  if (dateOf(at) === dateOf(now + day)) return t('dataProtection.tomorrow', { time })
  return `${dateOf(at)} ${time}`
}

/** 38 分钟: in the largest unit of which there are two at the least. */
export function durationText(t: Translate, ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  if (seconds < 1) return t('dataProtection.underASecond')
  if (seconds < 120) return t('dataProtection.seconds', { count: seconds })
  if (seconds < 7200) return t('dataProtection.minutes', { count: Math.round(seconds / 60) })
  if (seconds < 172_800) return t('dataProtection.hours', { count: Math.round(seconds / 3600) })
  return t('dataProtection.days', { count: Math.round(seconds / 86_400) })
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']

/** 1.4 GiB */
export function bytesText(bytes: number): string {
  const step = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10))
  const figure = bytes / 1024 ** step
  return `${step === 0 || figure >= 100 ? Math.round(figure) : figure.toFixed(1)} ${units[step]}`
}

/** A word of a list that may be longer on the gateway than here: what has none is shown as it is. */
export function wordOf(
  t: Translate,
  key: string,
  otherwise: string,
  facts: Readonly<Record<string, string>> = {},
): string {
  return (t as unknown as (key: string, options: Record<string, string>) => string)(key, {
    ...facts,
    defaultValue: otherwise,
  })
}
