import type { Translate } from '../../i18n/index.ts'

/** A time span as people say it: 45 秒, 3 分 12 秒, 2 小时 5 分. Empty for null. */
export function durationText(t: Translate, ms: number | null): string {
  if (ms === null) return ''
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return t('retrospect.duration.seconds', { s: seconds })
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return t('retrospect.duration.minutes', { m: minutes, s: seconds % 60 })
  return t('retrospect.duration.hours', { h: Math.floor(minutes / 60), m: minutes % 60 })
}

/** 97.5 %; empty for null. */
export function shareText(share: number | null): string {
  return share === null ? '' : `${(share * 100).toFixed(1)} %`
}
