import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import { CriticalLevel } from '../../../shared/critical/level.ts'
import type { LevelDeadlines } from '../../../shared/critical/rules.ts'
import { LevelTag } from '../../alerts/level-tag.tsx'
import type { Mistakes } from '../draft/mistakes.ts'
import { NumberField } from '../fields/field.tsx'
import type { RulesPartProps } from './rules-page.tsx'

interface DeadlinesTableProps extends RulesPartProps {
  mistakes: Mistakes
  complaint: (field: string) => string | undefined
}

const kinds = ['receiveMinutes', 'handleMinutes', 'hopMinutes'] as const satisfies (keyof LevelDeadlines)[]

/** Minutes to receipt, to handling and from hop to hop, for each level. */
export function DeadlinesTable({ rules, onChange, disabled, mistakes, complaint }: DeadlinesTableProps) {
  const { t } = useTranslation()
  const { deadlines } = rules
  return (
    <div className="deadlines" data-testid="deadlines">
      <span />
      {kinds.map((kind) => (
        <span key={kind} className="quiet">
          {t(`dictionary.rules.${kind}`)}
        </span>
      ))}
      {CriticalLevel.options.map((level) => (
        <Fragment key={level}>
          <LevelTag level={level} />
          {kinds.map((kind) => {
            const path = `deadlines.${level}.${kind}`
            return (
              <NumberField
                key={kind}
                bare
                label={`${t(`level.${level}`)} ${t(`dictionary.rules.${kind}`)}`}
                value={deadlines[level][kind]}
                onChange={(value) => {
                  const minutes = { ...deadlines[level], [kind]: value ?? Number.NaN }
                  onChange({ ...rules, deadlines: { ...deadlines, [level]: minutes } }, path)
                }}
                unit={t('dictionary.rules.minutes')}
                mistake={mistakes.get(path)}
                complaint={complaint(path)}
                disabled={disabled}
                testId={path}
              />
            )
          })}
        </Fragment>
      ))}
    </div>
  )
}
