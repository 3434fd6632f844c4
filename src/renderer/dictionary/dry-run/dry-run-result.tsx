import { Button, Segmented } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DryRun } from '../../../shared/api/dictionary.ts'
import { useClock } from '../../bridge/index.ts'
import { DataTable } from '../../table/data-table.tsx'
import { nextSort, type Sort, sortRows } from '../../table/sort.ts'
import { hitColumns, typeColumns } from './dry-run-columns.tsx'

/** What would newly need a decision, and what no longer would: counts by type, and the sentences themselves. */
export function DryRunResult({ run }: { run: DryRun }) {
  const { t } = useTranslation()
  const clock = useClock()
  const [shown, setShown] = useState<'fires' | 'stops'>(
    run.firesCount > 0 || run.stopsCount === 0 ? 'fires' : 'stops',
  )
  const [type, setType] = useState<string | null>(null)
  const all = run[shown]
  const hits = useMemo(() => (type === null ? all : all.filter((hit) => hit.type === type)), [all, type])
  const count = shown === 'fires' ? run.firesCount : run.stopsCount
  const columns = useMemo(() => hitColumns(t, clock()), [t, clock])
  return (
    <>
      <DryRunSummary run={run} />
      <div className="dry-run-body">
        <TypeCounts run={run} type={type} onType={setType} />
        <div className="dry-run-hits">
          <div className="compare-bar">
            <Segmented
              value={shown}
              onChange={setShown}
              options={[
                { value: 'fires', label: t('dictionary.dryRun.firesN', { n: run.firesCount }) },
                { value: 'stops', label: t('dictionary.dryRun.stopsN', { n: run.stopsCount }) },
              ]}
              data-testid="dry-run-which"
            />
            {type !== null && (
              <Button size="small" onClick={() => setType(null)}>
                {t('dictionary.dryRun.everyType')}
              </Button>
            )}
            {all.length < count && (
              <span className="quiet">{t('dictionary.dryRun.first', { n: all.length, count })}</span>
            )}
          </div>
          <div className="dry-run-table">
            <DataTable
              label={t(`dictionary.dryRun.${shown}`)}
              rows={hits}
              columns={columns}
              rowKey={(hit) =>
                `${hit.reportId}:${hit.section}:${hit.type}:${hit.term}:${hit.excerpt}:${hit.start}`
              }
              attributes={(hit) => ({ 'data-testid': 'dry-run-hit', 'data-type': hit.type })}
              empty={<div className="fill-message">{t(`dictionary.dryRun.noHits.${shown}`)}</div>}
              testId="dry-run-hits"
            />
          </div>
        </div>
      </div>
    </>
  )
}

/** The figures of a dry run in a line. */
export function DryRunSummary({ run }: { run: DryRun }) {
  const { t } = useTranslation()
  return (
    <p className="dry-run-summary" data-testid="dry-run-summary">
      <span>{t('dictionary.dryRun.scanned', { n: run.scanned, months: run.months })}</span>
      <span className="diff-added">
        <b aria-hidden="true">+</b> {t('dictionary.dryRun.firesN', { n: run.firesCount })}
      </span>
      <span className="diff-removed">
        <b aria-hidden="true">−</b> {t('dictionary.dryRun.stopsN', { n: run.stopsCount })}
      </span>
    </p>
  )
}

function TypeCounts(props: { run: DryRun; type: string | null; onType: (type: string | null) => void }) {
  const { t, i18n } = useTranslation()
  const [sort, setSort] = useState<Sort | null>(null)
  const columns = useMemo(() => typeColumns(t), [t])
  const rows = useMemo(
    () => sortRows(props.run.byType, columns, sort, i18n.language),
    [props.run, columns, sort, i18n.language],
  )
  return (
    <div className="dry-run-types">
      <DataTable
        label={t('dictionary.dryRun.byType')}
        rows={rows}
        columns={columns}
        rowKey={({ type }) => type}
        selected={props.type}
        onSelect={props.onType}
        onKey={(event) => event.key === 'Escape' && props.onType(null)}
        sort={sort}
        onSort={(column) => setSort(nextSort(sort, column))}
        attributes={({ type }) => ({ 'data-testid': 'dry-run-type', 'data-type': type })}
        empty={<div className="fill-message">{t('dictionary.dryRun.noTypes')}</div>}
        testId="dry-run-types"
      />
    </div>
  )
}
