import { Segmented } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DryRun, DryRunHit } from '../../../shared/api/dictionary.ts'
import { useClock } from '../../bridge/index.ts'
import { shortDateTime, type Translate } from '../../i18n/index.ts'
import type { Column } from '../../table/column.ts'
import { DataTable } from '../../table/data-table.tsx'
import { nextSort, type Sort, sortRows } from '../../table/sort.ts'
import { MarkedText } from '../sentence/marked-text.tsx'

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
              <button type="button" className="row-button" onClick={() => setType(null)}>
                {t('dictionary.dryRun.everyType')}
              </button>
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
              empty={<div className="fill-message">{t('dictionary.dryRun.noHits')}</div>}
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

type TypeRow = DryRun['byType'][number]

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

function typeColumns(t: Translate): Column<TypeRow>[] {
  const figure = (key: 'before' | 'after'): Column<TypeRow> => ({
    key,
    title: t(`dictionary.dryRun.${key}`),
    width: 64,
    render: (row) => <span className="number">{row[key]}</span>,
    order: (row) => row[key],
  })
  return [
    {
      key: 'type',
      title: t('finding.type'),
      width: 120,
      grow: 1,
      render: ({ typeName }) => <span title={typeName}>{typeName}</span>,
      text: ({ typeName }) => typeName,
    },
    figure('before'),
    figure('after'),
    {
      key: 'change',
      title: '±',
      width: 56,
      render: ({ before, after }) => {
        if (before === after) return <span className="quiet">0</span>
        const more = after > before
        return (
          <span className={`number ${more ? 'diff-added' : 'diff-removed'}`}>
            {more ? `+${after - before}` : `−${before - after}`}
          </span>
        )
      },
      order: ({ before, after }) => after - before,
    },
  ]
}

function hitColumns(t: Translate, now: number): Column<DryRunHit>[] {
  return [
    {
      key: 'grade',
      title: t('finding.grade'),
      width: 72,
      render: ({ grade }) => <span className={`grade-word hit-${grade}`}>{t(`grade.${grade}`)}</span>,
    },
    {
      key: 'type',
      title: t('finding.type'),
      width: 120,
      render: ({ typeName, term }) => <span title={`${typeName}\n${term}`}>{typeName}</span>,
    },
    {
      key: 'excerpt',
      title: t('dictionary.dryRun.sentence'),
      width: 240,
      grow: 4,
      render: ({ excerpt, start, end, grade }) => (
        <span title={excerpt}>
          <MarkedText {...aroundTerm(excerpt, start, end, grade)} />
        </span>
      ),
    },
    {
      key: 'exam',
      title: t('dictionary.dryRun.exam'),
      width: 136,
      render: ({ modality, accessionNumber }) => (
        <span className="number">
          {modality} {accessionNumber}
        </span>
      ),
    },
    {
      key: 'signed',
      title: t('dictionary.dryRun.signedAt'),
      width: 96,
      render: ({ signedAt }) => <span className="number quiet">{shortDateTime(signedAt, now)}</span>,
    },
  ]
}

/** The sentence so cut that the term shows in one line. */
export function aroundTerm(excerpt: string, start: number, end: number, grade: DryRunHit['grade']) {
  const from = start > 24 ? start - 16 : 0
  const lead = from > 0 ? '…' : ''
  const text = lead + excerpt.slice(from).replace(/\s/g, ' ')
  const shift = lead.length - from
  return { text, marks: [{ start: start + shift, end: end + shift, grade }] }
}
