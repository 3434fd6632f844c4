import { useMutation } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { failureOf } from '../../shared/errors/index.ts'
import type { WorklistFilter, WorklistRow } from '../../shared/worklist/index.ts'
import { useFailureSentence } from '../app/failure-notice.tsx'
import { usePermission } from '../app/session.ts'
import { unwrap, useBridge } from '../bridge/index.ts'
import { useAction, useKeyHint } from '../keys/keys-provider.tsx'
import { ReadingRoom } from '../reading/reading-room.tsx'
import { useSetting } from '../settings/use-setting.ts'
import { ListScreen } from '../worklist/list-screen.tsx'
import type { PagedList } from '../worklist/paged-list.ts'
import { type ListPlace, placeInView, selectedRow } from '../worklist/place.ts'
import { useExamAccess } from '../worklist/use-exam-access.tsx'
import { useMinuteClock } from '../worklist/use-minute-clock.ts'
import { usePagedList } from '../worklist/use-paged-list.ts'
import { useReveal } from '../worklist/use-reveal.tsx'
import { examViews, openingView } from '../worklist/views.ts'
import { examColumns } from './exam-columns.tsx'
import { OrderDialog } from './order-dialog.tsx'
import { useOrderEntry } from './use-order-entry.ts'

interface ExamAreaProps {
  study: string | null
  onStudy: (study: string | null) => void
}

/** The technologist's work: today's orders, whether the images came, and the mark that an exam is done. */
export default function ExamArea({ study, onStudy }: ExamAreaProps) {
  const [own, , { known }] = useSetting('worklist')
  const [left, setLeft] = useState<ListPlace | null>(null)
  const list = usePagedList()
  const opening = useMemo(() => placeInView(openingView(own, examViews), undefined), [own])
  if (study !== null) return <ReadingRoom key={study} study={study} onBack={() => onStudy(null)} />
  if (!left && !known) return null
  return <ExamList list={list} place={left ?? opening} onPlace={setLeft} onStudy={onStudy} />
}

const statuses: readonly WorklistFilter['status'][] = ['all', 'not-arrived']

function ExamList(props: {
  list: PagedList
  place: ListPlace
  onPlace: (place: ListPlace) => void
  onStudy: (study: string) => void
}) {
  const { t } = useTranslation()
  const { list, place } = props
  const now = useMinuteClock()
  const mark = useExamDone(list.refresh)
  const markDone = (row: WorklistRow) => row.examStatus === 'ordered' && mark(row.accessionNumber)
  const entry = useOrderEntry(list.refresh)
  const enters = usePermission('order.enter')
  const access = useExamAccess({ onOpen: props.onStudy, onChanged: list.refresh })
  useAction('exam.done', () => {
    const row = selectedRow(list.state().pages, place.selected)
    if (row) markDone(row)
  })
  const reveal = useReveal(() => selectedRow(list.state().pages, place.selected))
  const { onReveal } = reveal
  const eye = onReveal && { title: t('labels.reveal.show', { key: reveal.hint }), onReveal }
  const columns = examColumns(t, now, eye, (row) => (
    <ExamActions
      row={row}
      onDone={() => markDone(row)}
      onView={() => access.open(row)}
      onOrder={enters && lacksOrder(row) ? () => entry.begin(row) : null}
      onCorrect={enters && row.typedOrder ? () => entry.begin(row) : null}
    />
  ))

  return (
    <>
      <ListScreen
        label={t('areas.exam')}
        list={list}
        views={examViews}
        place={place}
        onPlace={props.onPlace}
        columns={columns}
        statuses={statuses}
        onOpen={access.open}
        attributes={(row) => ({
          'data-testid': 'exam-row',
          'data-accession': row.accessionNumber,
          'data-status': row.examStatus,
          'data-openable': String(row.studyInstanceUid !== null),
        })}
        foot={t('exam.orderedKeys', { done: useKeyHint('exam.done') })}
        testIds={{ screen: 'exam-list', table: 'exam-table' }}
      >
        {enters && (
          <Button size="small" onClick={() => entry.begin(null)} data-testid="order-enter">
            {t('order.enter')}
          </Button>
        )}
      </ListScreen>
      {access.dialog}
      {reveal.dialog}
      {entry.open && (
        <OrderDialog
          row={entry.open.row}
          birthDate={entry.open.birthDate}
          onEntered={entry.entered}
          onClose={entry.close}
        />
      )}
    </>
  )
}

/** Images without an order: every order says what class of patient it is for. */
function lacksOrder(row: WorklistRow): boolean {
  return row.studyInstanceUid !== null && row.patientClass === ''
}

function ExamActions(props: {
  row: WorklistRow
  onDone: () => void
  onView: () => void
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
        <Button size="small" type="link" onClick={props.onView} data-testid="exam-view">
          {t('exam.view')}
        </Button>
      )}
    </span>
  )
}

function useExamDone(onChanged: () => void): (accessionNumber: string) => void {
  const { t } = useTranslation()
  const bridge = useBridge()
  const { message } = App.useApp()
  const sentence = useFailureSentence()
  const mutation = useMutation({
    mutationFn: (accessionNumber: string) => unwrap(bridge.examDone({ accessionNumber })),
    onSuccess: (_, accession) => {
      onChanged()
      void message.success(t('exam.marked', { accession }))
    },
    onError: (thrown) => void message.error(sentence(failureOf(thrown))),
  })
  return (accessionNumber) => mutation.mutate(accessionNumber)
}
