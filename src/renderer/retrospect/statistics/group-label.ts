import type { AlertStatistics, StatisticsBy } from '../../../shared/api/index.ts'
import { CriticalLevel } from '../../../shared/critical/model.ts'
import type { Translate } from '../../i18n/index.ts'

const shifts = ['day', 'evening', 'night'] as const

/** A group by its name; shifts and levels by their words, and nobody by a word of its own. */
export function groupLabel(
  t: Translate,
  by: StatisticsBy,
  { key, label }: Pick<AlertStatistics['groups'][number], 'key' | 'label'>,
): string {
  const level = CriticalLevel.options.find((each) => each === key)
  if (by === 'level' && level) return t(`level.${level}`)
  const shift = shifts.find((each) => each === key)
  if (by === 'shift' && shift) return t(`retrospect.shift.${shift}`)
  return label || t('retrospect.statistics.unknown')
}
