import type { Translate } from '../i18n/index.ts'

const minute = 60_000

/** 42 分钟, 3 小时 10 分, 2 天: as coarse as one needs to choose the next case. */
export function waitingText(t: Translate, ms: number): string {
  const minutes = Math.floor(ms / minute)
  if (minutes < 60) return t('wait.minutes', { n: minutes })
  const hours = Math.floor(minutes / 60)
  return hours < 48
    ? t('wait.hours', { h: hours, m: minutes % 60 })
    : t('wait.days', { n: Math.floor(hours / 24) })
}
