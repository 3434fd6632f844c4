import { useTranslation } from 'react-i18next'
import type { CriticalLevel } from '../../shared/critical/index.ts'
import type { CriticalTypes } from '../report/critical-types.ts'

/** Says a level with its deadline: 红 5 分钟内接收; the level alone while the rules are not known. */
export function useDeadline(types: CriticalTypes): (level: CriticalLevel) => string {
  const { t } = useTranslation()
  return (level) => {
    const minutes = types.rules?.deadlines[level].receiveMinutes
    if (minutes === undefined) return t(`level.${level}`)
    const time =
      minutes >= 60 && minutes % 60 === 0
        ? t('signOff.hours', { count: minutes / 60 })
        : t('signOff.minutes', { count: minutes })
    return t('signOff.deadline', { level: t(`level.${level}`), time })
  }
}
