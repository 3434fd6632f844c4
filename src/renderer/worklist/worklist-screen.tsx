import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { WorklistFilter, WorklistRow } from '../../shared/worklist/index.ts'
import { usePermission } from '../app/session.ts'
import { useAction, useKeyHint } from '../keys/keys-provider.tsx'
import { readingColumns } from './columns.tsx'
import { ListScreen } from './list-screen.tsx'
import type { PagedList } from './paged-list.ts'
import { type ListPlace, selectedRow } from './place.ts'
import { isUrgent, readingStatus } from './reading-order.ts'
import { useExamAccess } from './use-exam-access.tsx'
import { useMinuteClock } from './use-minute-clock.ts'
import { useReveal } from './use-reveal.tsx'
import { readingViews } from './views.ts'

interface WorklistScreenProps {
  list: PagedList
  place: ListPlace
  onPlace: (place: ListPlace) => void
  onOpen: (study: string, readOnly: WorklistRow['claimedBy']) => void
}

const statuses: readonly WorklistFilter['status'][] = [
  'all',
  'to-report',
  'mine',
  'draft',
  'to-review',
  'rejected',
  'signed',
  'not-arrived',
]

/** The radiologist's list of exams. */
export function WorklistScreen({ list, place, onPlace, onOpen }: WorklistScreenProps) {
  const { t } = useTranslation()
  const now = useMinuteClock()
  const access = useExamAccess({ onOpen, onChanged: list.refresh })
  const reveal = useReveal(() => selectedRow(list.state().pages, place.selected))
  const { onReveal } = reveal
  const title = t('labels.reveal.show', { key: reveal.hint })
  const columns = useMemo(
    () => readingColumns(t, now, onReveal && { title, onReveal }),
    [t, now, onReveal, title],
  )
  const labels = usePermission('study.label')
  const claims = usePermission('study.claim')
  const current = () => selectedRow(list.state().pages, place.selected)
  const withCurrent = (act: (row: NonNullable<ReturnType<typeof current>>) => void) => {
    const row = current()
    if (row) act(row)
  }
  useAction('list.claim', () => withCurrent(access.claimOrRelease), claims)
  useAction('list.label', () => withCurrent(access.label), labels)

  return (
    <>
      <ListScreen
        label={t('areas.reading')}
        list={list}
        views={readingViews}
        place={place}
        onPlace={onPlace}
        columns={columns}
        statuses={statuses}
        onOpen={access.open}
        attributes={(row) => ({
          'data-testid': 'worklist-row',
          'data-accession': row.accessionNumber,
          'data-study': row.studyInstanceUid ?? '',
          'data-status': readingStatus(row),
          'data-urgent': String(isUrgent(row)),
          'data-openable': String(row.studyInstanceUid !== null),
          'data-masked': String(row.masked),
        })}
        foot={t('worklistRoom.foot', {
          next: useKeyHint('list.next'),
          claim: useKeyHint('list.claim'),
          search: useKeyHint('list.search'),
          view: useKeyHint('list.view'),
          sheet: useKeyHint('window.sheet'),
        })}
        testIds={{ screen: 'worklist', table: 'worklist-table' }}
      />
      {access.dialog}
      {reveal.dialog}
    </>
  )
}
