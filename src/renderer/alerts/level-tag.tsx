import { useTranslation } from 'react-i18next'
import type { CriticalLevel } from '../../shared/critical/model.ts'
import './alerts.css'

/** 红 / 橙 / 黄, by colour and by word. */
export function LevelTag({ level }: { level: CriticalLevel }) {
  const { t } = useTranslation()
  return (
    <span className={`level level-${level}`} title={t(`levelLong.${level}`)}>
      {t(`level.${level}`)}
    </span>
  )
}
