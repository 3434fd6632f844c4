import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useDeferredValue, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { failureOf } from '../../shared/errors/index.ts'
import type { WorklistRow } from '../../shared/worklist/index.ts'
import { FailureNotice, useFailureSentence } from '../app/failure-notice.tsx'
import { usePermission } from '../app/session.ts'
import { unwrap, useBridge } from '../bridge/index.ts'
import { ReadingRoom } from '../reading/reading-room.tsx'
import { DataTable } from '../table/data-table.tsx'
import { rowKey } from '../worklist/reading-order.ts'
import { Toolbar } from '../worklist/toolbar.tsx'
import { useMinuteClock } from '../worklist/use-minute-clock.ts'
import { useModalities } from '../worklist/use-modalities.ts'
import { noFilter, useWorklist } from '../worklist/worklist-query.ts'
import { examColumns } from './exam-columns.tsx'
import { type ExamFilter, inExamOrder, passesExamFilter } from './exam-order.ts'
import { OrderDialog } from './order-dialog.tsx'
import { useOrderEntry } from './use-order-entry.ts'

interface ExamAreaProps {
  study: string | null
  onStudy: (study: string | null) => void
}

/** The technologist's work: today's orders, whether the images came, and the mark that an exam is done. */
export default function ExamArea({ study, onStudy }: ExamAreaProps) {
  const [selected, setSelected] = useState<string | null>(null)
  return study === null ? (
    <ExamList selected={selected} onSelect={setSelected} onStudy={onStudy} />
  ) : (
    <ReadingRoom key={study} study={study} onBack={() => onStudy(null)} />
  )
}

const filters = ['all', 'waiting', 'done', 'arrived'] as const

function ExamList(props: {
  selected: string | null
  onSelect: (key: string) => void
  onStudy: (study: string) => void
}) {
  const { t } = useTranslation()
  const screen = useRef<HTMLDivElement>(null)
  const [search, setSearch] = useState('')
  const [modality, setModality] = useState('')
  const [filter, setFilter] = useState<ExamFilter>('all')
  const now = useMinuteClock()
  const list = useWorklist({
    ...noFilter,
    search: useDeferredValue(search),
    modalities: modality ? [modality] : [],
  })
  const rows = useMemo(
    () => inExamOrder(list.data?.rows.filter((row) => passesExamFilter(row, filter)) ?? []),
    [list.data, filter],
  )
  const modalities = useModalities(list.data?.rows, modality)
  const mark = useExamDone()
  const markDone = (row: WorklistRow) => row.examStatus === 'ordered' && mark(row.accessionNumber)
  const entry = useOrderEntry()
  const enters = usePermission('order.enter')
  const columns = examColumns(t, now, (row) => (
    <ExamActions
      row={row}
      onDone={() => markDone(row)}
      onView={props.onStudy}
      onOrder={enters && lacksOrder(row) ? () => entry.begin(row) : null}
      onCorrect={enters && row.typedOrder ? () => entry.begin(row) : null}
    />
  ))

  return (
    <div className="list-screen" ref={screen} data-testid="exam-list">
      <Toolbar
        search={search}
        onSearch={setSearch}
        modality={modality}
        modalities={modalities}
        onModality={setModality}
        status={filter}
        statuses={filters.map((value) => ({ value, label: t(`exam.filter.${value}`) }))}
        onStatus={setFilter}
        onLeave={() => screen.current?.querySelector<HTMLElement>('[role=grid]')?.focus()}
      >
        <span className="quiet number">{t('worklist.count', { total: rows.length })}</span>
        {enters && (
          <Button size="small" onClick={() => entry.begin(null)} data-testid="order-enter">
            {t('order.enter')}
          </Button>
        )}
      </Toolbar>
      <div className="list-body">
        {list.isError && !list.data ? (
          <FailureNotice
            title={t('worklist.failed')}
            thrown={list.error}
            onRetry={() => void list.refetch()}
          />
        ) : (
          <DataTable
            label={t('areas.exam')}
            rows={rows}
            columns={columns}
            rowKey={rowKey}
            selected={props.selected}
            onSelect={props.onSelect}
            onOpen={(row) => row.studyInstanceUid !== null && props.onStudy(row.studyInstanceUid)}
            onKey={(event, row) => event.key.toLowerCase() === 'd' && !event.ctrlKey && markDone(row)}
            attributes={(row) => ({
              'data-testid': 'exam-row',
              'data-accession': row.accessionNumber,
              'data-status': row.examStatus,
              'data-openable': String(row.studyInstanceUid !== null),
            })}
            empty={
              <div className="fill-message">{list.isPending ? t('app.loading') : t('worklist.empty')}</div>
            }
            testId="exam-table"
            focusOnMount
          />
        )}
      </div>
      <footer className="list-foot">{t('exam.orderedKeys')}</footer>
      {entry.open && (
        <OrderDialog
          row={entry.open.row}
          birthDate={entry.open.birthDate}
          onEntered={entry.entered}
          onClose={entry.close}
        />
      )}
    </div>
  )
}

/** Images without an order: every order says what class of patient it is for. */
function lacksOrder(row: WorklistRow): boolean {
  return row.studyInstanceUid !== null && row.patientClass === ''
}

function ExamActions(props: {
  row: WorklistRow
  onDone: () => void
  onView: (study: string) => void
  onOrder: (() => void) | null
  /** Of an order that was typed in. */
  onCorrect: (() => void) | null
}) {
  const { t } = useTranslation()
  const { studyInstanceUid, examStatus } = props.row
  return (
    <span className="exam-actions">
      {examStatus === 'ordered' && (
        <Button size="small" onClick={props.onDone} data-testid="exam-done">
          {t('exam.done')}
        </Button>
      )}
      {props.onOrder && (
        <Button size="small" onClick={props.onOrder} data-testid="order-for-study">
          {t('order.enterFor')}
        </Button>
      )}
      {props.onCorrect && (
        <Button
          size="small"
          onClick={props.onCorrect}
          title={t('order.titleCorrect')}
          data-testid="order-correct"
        >
          {t('order.correct')}
        </Button>
      )}
      {studyInstanceUid !== null && (
        <Button
          size="small"
          type="link"
          onClick={() => props.onView(studyInstanceUid)}
          data-testid="exam-view"
        >
          {t('exam.view')}
        </Button>
      )}
    </span>
  )
}

function useExamDone(): (accessionNumber: string) => void {
  const { t } = useTranslation()
  const bridge = useBridge()
  const queries = useQueryClient()
  const { message } = App.useApp()
  const sentence = useFailureSentence()
  const mutation = useMutation({
    mutationFn: (accessionNumber: string) => unwrap(bridge.examDone({ accessionNumber })),
    onSuccess: (_, accession) => {
      void queries.invalidateQueries({ queryKey: ['worklist'] })
      void message.success(t('exam.marked', { accession }))
    },
    onError: (thrown) => void message.error(sentence(failureOf(thrown))),
  })
  return (accessionNumber) => mutation.mutate(accessionNumber)
}
