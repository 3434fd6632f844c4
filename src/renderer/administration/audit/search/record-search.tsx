import { Button, Select } from 'antd'
import { useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FailureNotice } from '../../../app/failure-notice.tsx'
import { useAction } from '../../../keys/keys-provider.tsx'
import { DataTable } from '../../../table/data-table.tsx'
import { ExportButton } from '../../frame/export-button.tsx'
import { ActionPicker } from './action-picker.tsx'
import { ConditionBar } from './condition-bar.tsx'
import {
  back,
  type Conditions,
  mostSubjects,
  type NamedSubject,
  onward,
  present,
  queryOf,
  type Trail,
  withSubject,
} from './conditions.ts'
import { recordColumns } from './record-columns.tsx'
import { RecordFacts } from './record-facts.tsx'
import { RecordPeriodPicker } from './record-period.tsx'
import { SubjectPicker } from './subject-picker.tsx'
import { useAuditSearch } from './use-audit-search.ts'

const outcomes = ['success', 'refused', 'failed'] as const

interface RecordSearchProps {
  trail: Trail
  onTrail: (next: (trail: Trail) => Trail) => void
}

/** Every record there is, by when, what, how it ended, and whom and what it names. Any name in it leads on. */
export function RecordSearch({ trail, onTrail }: RecordSearchProps) {
  const { t } = useTranslation()
  const screen = useRef<HTMLDivElement>(null)
  const [selected, setSelected] = useState<string | null>(null)
  const conditions = present(trail)
  const search = useAuditSearch(
    useMemo(() => queryOf(conditions), [conditions]),
    conditions.upTo,
  )
  const go = (next: (now: Conditions) => Conditions) => {
    setSelected(null)
    onTrail((now) => onward(now, next(present(now))))
  }
  const change = (part: Partial<Conditions>) => go((now) => ({ ...now, ...part }))
  const onBack = () => {
    setSelected(null)
    onTrail(back)
  }
  const addSubject = (subject: NamedSubject) => go((now) => withSubject(now, subject))
  // biome-ignore lint/correctness/useExhaustiveDependencies: what a press does never changes; the columns' identity stays
  const columns = useMemo(() => recordColumns(t, addSubject), [t])
  useAction('reading.back', onBack, trail.length > 1)
  const chosen = search.rows.find((row) => String(row.seq) === selected)
  const toTable = () => screen.current?.querySelector<HTMLElement>('[role=grid]')?.focus()
  const onEscape = () => {
    if (selected !== null) setSelected(null)
    else if (trail.length > 1) onBack()
  }
  return (
    <div className="list-screen" ref={screen} data-testid="audit-records">
      <div className="toolbar officer-toolbar">
        <h1 className="list-title">{t('auditor.part.records')}</h1>
        <RecordPeriodPicker
          period={conditions.period}
          onPeriod={(period) => change({ period, upTo: null })}
        />
        <ActionPicker actions={conditions.actions} onActions={(actions) => change({ actions })} />
        <Select
          mode="multiple"
          value={[...conditions.outcomes]}
          onChange={(value) => change({ outcomes: value })}
          options={outcomes.map((value) => ({ value, label: t(`administration.outcomes.${value}`) }))}
          placeholder={t('auditor.anyOutcome')}
          maxTagCount="responsive"
          showSearch={false}
          className="audit-outcomes"
          aria-label={t('administration.outcome')}
          data-testid="audit-outcomes"
        />
        <SubjectPicker
          onPick={addSubject}
          disabled={conditions.subjects.length >= mostSubjects}
          placeholder={t('auditor.subject.placeholder')}
          testId="audit-subject"
        />
        <span className="quiet number" role="status" data-testid="audit-count">
          {!search.loading &&
            t(search.more ? 'auditor.countMore' : 'auditor.count', { total: search.rows.length })}
        </span>
        <span className="space" />
        <ExportButton table="audit" title={t('areas.audit')} rows={search.rows} columns={columns} />
        <Button onClick={search.refresh} data-testid="refresh">
          {t('administration.list.refresh')}
        </Button>
      </div>
      <ConditionBar
        conditions={conditions}
        onConditions={(next) => go(() => next)}
        onBack={trail.length > 1 ? onBack : null}
      />
      {search.error && search.rows.length > 0 && (
        <p className="notice notice-bad" role="alert">
          {t('auditor.moreFailed')}
          <Button size="small" onClick={search.loadMore}>
            {t('app.retry')}
          </Button>
        </p>
      )}
      <div className="officer-body">
        <div className="officer-table">
          {search.error && search.rows.length === 0 ? (
            <FailureNotice
              title={t('administration.failed')}
              thrown={search.error}
              onRetry={search.refresh}
            />
          ) : (
            <DataTable
              label={t('auditor.part.records')}
              rows={search.rows}
              columns={columns}
              rowKey={(row) => String(row.seq)}
              selected={selected}
              onSelect={setSelected}
              onOpen={() =>
                screen.current?.querySelector<HTMLElement>('[data-testid=audit-record] button')?.focus()
              }
              onEscape={onEscape}
              onEnd={search.loadMore}
              attributes={(row) => ({ 'data-testid': 'audit-row', 'data-action': row.action })}
              empty={
                <div className="fill-message" data-testid="audit-empty">
                  {search.loading || search.more ? t('auditor.searching') : t('auditor.none')}
                </div>
              }
              testId="audit-table"
              focusOnMount
            />
          )}
        </div>
      </div>
      {chosen ? (
        <RecordFacts
          row={chosen}
          onSubject={addSubject}
          onClose={() => {
            setSelected(null)
            toTable()
          }}
        />
      ) : (
        <footer className="list-foot">{t('auditor.recordKeys')}</footer>
      )}
    </div>
  )
}
