import { Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { usePermission } from '../../app/session.ts'
import { GlassReviews } from './glass-reviews.tsx'
import { RulesHistory } from './rules-history.tsx'
import { RulesPart } from './rules-part.tsx'
import './labels.css'

type Part = 'glass' | 'rules' | 'history'

/** Who may see what, beside their role: what labels exams, and what was opened all the same. */
export function LabelsScreen() {
  const { t } = useTranslation()
  const rules = usePermission('label.rules')
  const [part, setPart] = useState<Part>('glass')
  const parts: Part[] = rules ? ['glass', 'rules', 'history'] : ['glass']
  return (
    <div className="list-screen" data-testid="labels-screen">
      {parts.length > 1 && (
        <div className="toolbar">
          <Segmented
            value={part}
            onChange={setPart}
            options={parts.map((value) => ({ value, label: t(`labels.part.${value}`) }))}
            aria-label={t('areas.labels')}
            data-testid="labels-part"
          />
        </div>
      )}
      <div className="list-body">
        {part === 'glass' && <GlassReviews />}
        {/* Hidden, not gone: rules that were begun stay. */}
        {rules && (
          <div className="labels-part" hidden={part !== 'rules'}>
            <RulesPart />
          </div>
        )}
        {part === 'history' && <RulesHistory />}
      </div>
    </div>
  )
}
