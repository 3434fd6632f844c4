import { useQuery } from '@tanstack/react-query'
import { Button, Select } from 'antd'
import { type FormEvent, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FoundReport } from '../../shared/api/index.ts'
import { FindingGrade } from '../../shared/critical/model.ts'
import { FailureNotice } from '../app/failure-notice.tsx'
import { unwrap, useBridge, useClock } from '../bridge/index.ts'
import { useDictionary } from '../report/dictionary.ts'
import { DataTable } from '../table/data-table.tsx'
import { useTableView } from '../table/use-table-view.ts'
import { Excerpt } from './excerpt.tsx'
import { ExportList } from './export-list.tsx'
import { foundReportColumns } from './found-report-columns.tsx'
import { type Period, periodOf } from './period.ts'
import { PeriodPicker } from './period-picker.tsx'
import { ScanStatus } from './scan-status.tsx'
import { useScan } from './use-scan.ts'
import './retrospect.css'

interface Question {
  period: Period
  keyword: string
  type: string
  grade: FindingGrade | ''
  modality: string
  author: string
}

const modalities = ['CT', 'MR', 'DX', 'CR', 'US', 'MG', 'RF', 'XA', 'NM', 'PT']

/** Search over all signed reports: by word, by critical-value type and grade, by exam, date and author. */
export function ReportSearch({ onOpenStudy }: { onOpenStudy: (study: string) => void }) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const clock = useClock()
  const { types } = useDictionary()
  const [form, setForm] = useState<Question>(() => ({
    period: periodOf('month', clock()),
    keyword: '',
    type: '',
    grade: '',
    modality: '',
    author: '',
  }))
  const [asked, setAsked] = useState<Question | null>(null)
  const [selected, setSelected] = useState<string | null>(null)
  const authors = useQuery({
    queryKey: ['retrospect-authors'],
    queryFn: async () => (await unwrap(bridge.retrospectAuthors())).authors,
  })
  const scan = useScan<FoundReport>(asked && ['reports', asked], async (cursor) => {
    const { period, keyword, type, grade, modality, author } = asked as Question
    const { reports, ...part } = await unwrap(
      bridge.retrospectSearch({
        ...period,
        limit: 100,
        ...(keyword.trim() !== '' && { keyword: keyword.trim() }),
        ...(type !== '' && { type }),
        ...(grade !== '' && { grade }),
        ...(modality !== '' && { modality }),
        ...(author !== '' && { author }),
        ...(cursor !== undefined && { cursor }),
      }),
    )
    return { rows: reports, ...part }
  })
  const columns = useMemo(() => foundReportColumns(t), [t])
  const view = useTableView(scan.rows, columns)
  const chosen = scan.rows.find(({ reportId }) => reportId === selected)
  const change = (part: Partial<Question>) => setForm((all) => ({ ...all, ...part }))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setSelected(null)
    if (JSON.stringify(asked) === JSON.stringify(form)) scan.again()
    else setAsked(form)
  }
  const any = (label: string) => ({ value: '', label })
  return (
    <div className="list-screen" data-testid="report-search">
      <form className="toolbar retrospect-bar" onSubmit={submit}>
        <h1 className="list-title">{t('areas.report-search')}</h1>
        <PeriodPicker period={form.period} onPeriod={(period) => change({ period })} />
        <input
          type="search"
          className="field-input retrospect-keyword"
          value={form.keyword}
          onChange={(event) => change({ keyword: event.target.value })}
          placeholder={t('retrospect.search.keyword')}
          aria-label={t('retrospect.search.keyword')}
          maxLength={80}
          autoComplete="off"
          data-testid="search-keyword"
        />
        <Select
          value={form.type}
          onChange={(type) => change({ type })}
          options={[
            any(t('retrospect.search.anyType')),
            ...types.all.map(({ code }) => ({ value: code, label: types.name(code) })),
          ]}
          showSearch={{ optionFilterProp: 'label' }}
          popupMatchSelectWidth={false}
          className="retrospect-type"
          aria-label={t('retrospect.search.type')}
          data-testid="search-type"
        />
        <Select
          value={form.grade}
          onChange={(grade) => change({ grade })}
          options={[
            any(t('retrospect.search.anyGrade')),
            ...FindingGrade.options.map((value) => ({ value, label: t(`grade.${value}`) })),
          ]}
          popupMatchSelectWidth={false}
          className="retrospect-choice"
          aria-label={t('retrospect.search.grade')}
          data-testid="search-grade"
        />
        <Select
          value={form.modality}
          onChange={(modality) => change({ modality })}
          options={[
            any(t('retrospect.search.anyModality')),
            ...modalities.map((value) => ({ value, label: value })),
          ]}
          popupMatchSelectWidth={false}
          className="retrospect-choice"
          aria-label={t('retrospect.search.modality')}
          data-testid="search-modality"
        />
        <Select
          value={form.author}
          onChange={(author) => change({ author })}
          options={[
            any(t('retrospect.search.anyAuthor')),
            ...(authors.data ?? []).map(({ accountId, name }) => ({ value: accountId, label: name })),
          ]}
          showSearch={{ optionFilterProp: 'label' }}
          popupMatchSelectWidth={false}
          className="retrospect-choice"
          aria-label={t('retrospect.search.author')}
          data-testid="search-author"
        />
        <Button type="primary" htmlType="submit" data-testid="search-run">
          {t('retrospect.search.run')}
        </Button>
        <span className="space" />
        <ScanStatus scan={scan} />
        <ExportList list="reports" title={t('areas.report-search')} rows={view.rows} columns={columns} />
      </form>
      <div className="list-body">
        <DataTable
          label={t('areas.report-search')}
          rows={view.rows}
          columns={columns}
          rowKey={({ reportId }) => reportId}
          selected={selected}
          onSelect={setSelected}
          onOpen={({ studyInstanceUid }) => onOpenStudy(studyInstanceUid)}
          sort={view.sort}
          onSort={view.onSort}
          attributes={() => ({ 'data-testid': 'found-report' })}
          empty={
            scan.error ? (
              <FailureNotice title={t('retrospect.failed')} thrown={scan.error} onRetry={scan.again} />
            ) : (
              <div className="fill-message">
                {t(
                  scan.running
                    ? 'retrospect.search.looking'
                    : asked
                      ? 'retrospect.search.nothing'
                      : 'retrospect.search.begin',
                )}
              </div>
            )
          }
          testId="found-reports"
        />
      </div>
      {chosen && chosen.hits.length > 0 && (
        <section className="hits" aria-label={t('retrospect.search.hits')} data-testid="hits">
          {chosen.hits.map((hit) => (
            <p key={`${hit.section}-${hit.excerpt}-${hit.start}-${hit.type}`}>
              <span className="hits-section">{t(`retrospect.section.${hit.section}`)}</span>
              <Excerpt hit={hit} />
              {hit.type !== null && <span className="quiet">{hit.typeName}</span>}
            </p>
          ))}
        </section>
      )}
      <footer className="list-foot">{t('retrospect.search.keys')}</footer>
    </div>
  )
}
