import { Button } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { GlassBreakRow } from '../../../shared/api/labels.ts'
import { usePermission } from '../../app/session.ts'
import { useBridge } from '../../bridge/index.ts'
import { dateTime, type Translate } from '../../i18n/index.ts'
import type { Column } from '../../table/column.ts'
import { timeColumn } from '../../table/time-column.tsx'
import { FactsPanel } from '../frame/facts-panel.tsx'
import { useListing } from '../frame/listing.ts'
import { OfficerScreen } from '../frame/officer-screen.tsx'
import { useNow } from '../frame/use-now.ts'
import { ReviewDialog } from './review-dialog.tsx'

/** 紧急访问复核: every exam that was opened in spite of its label, what waits for a verdict first. */
export function GlassReviews() {
  const { t } = useTranslation()
  const bridge = useBridge()
  const now = useNow()
  const reviews = usePermission('break-glass.review')
  const listing = useListing('glass-breaks', bridge.glassBreaks)
  const columns = useMemo(() => breakColumns(t, now), [t, now])
  const [selected, setSelected] = useState<string | null>(null)
  const [reviewing, setReviewing] = useState<GlassBreakRow | null>(null)
  const chosen = listing.rows.find(({ id }) => id === selected)
  const waiting = listing.rows.filter(({ review, dueAt }) => review === null && dueAt !== null).length
  const open = (row: GlassBreakRow) => reviews && row.review === null && setReviewing(row)
  return (
    <>
      <OfficerScreen
        table="glass-breaks"
        title={t('labels.glass.title')}
        listing={listing}
        columns={columns}
        rowKey={({ id }) => id}
        selected={selected}
        onSelect={setSelected}
        onOpen={open}
        attributes={(row) => ({ 'data-state': stateOf(row, now) })}
        summary={
          waiting > 0 && (
            <span className="state-warn" data-testid="glass-waiting">
              {t('labels.glass.waiting', { n: waiting })}
            </span>
          )
        }
        aside={
          chosen && (
            <FactsPanel
              title={t('labels.glass.whom', {
                who: chosen.who,
                accession: chosen.accessionNumber || t('labels.reveal.none'),
              })}
              states={<StateWords t={t} row={chosen} now={now} />}
              facts={[
                [t('labels.glass.at'), dateTime(chosen.at)],
                [t('labels.glass.until'), dateTime(chosen.until)],
                [t('labels.glass.workstation'), chosen.workstation],
                [t('labels.glass.sensitivity'), t(`labels.sensitivity.${chosen.sensitivity}`)],
                [t('labels.glass.reason'), chosen.reason],
                [
                  t('labels.glass.dueAt'),
                  chosen.dueAt === null ? t('labels.reveal.none') : dateTime(chosen.dueAt),
                ],
                ...(chosen.review ? ([[t('labels.glass.note'), chosen.review.note]] as const) : []),
              ]}
              actions={
                reviews &&
                chosen.review === null && (
                  <Button type="primary" onClick={() => setReviewing(chosen)} data-testid="glass-review">
                    {t('labels.glass.review')}
                  </Button>
                )
              }
              onClose={() => setSelected(null)}
              testId="glass-break"
            />
          )
        }
        hint={t('labels.glass.keys')}
      />
      {reviewing && <ReviewDialog row={reviewing} onClose={() => setReviewing(null)} />}
    </>
  )
}

type State = 'waits' | 'overdue' | 'before-reviews' | 'justified' | 'unjustified'

function stateOf({ review, dueAt }: GlassBreakRow, now: number): State {
  if (review) return review.verdict
  if (dueAt === null) return 'before-reviews'
  return dueAt <= now ? 'overdue' : 'waits'
}

const stateWords = (t: Translate, state: State) =>
  state === 'justified' || state === 'unjustified'
    ? t(`labels.glass.verdict.${state}`)
    : t(`labels.glass.${state}`)

const stateClass = {
  'before-reviews': 'quiet',
  waits: 'state-warn',
  overdue: 'state-bad',
  justified: 'quiet',
  unjustified: 'state-bad',
}

function StateWords({ t, row, now }: { t: Translate; row: GlassBreakRow; now: number }) {
  const state = stateOf(row, now)
  return (
    <>
      <p className={stateClass[state]}>{stateWords(t, state)}</p>
      {row.review && (
        <p className="quiet">
          {t('labels.glass.reviewedBy', { who: row.review.by, time: dateTime(row.review.at) })}
        </p>
      )}
    </>
  )
}

function breakColumns(t: Translate, now: number): Column<GlassBreakRow>[] {
  const text = (
    key: 'who' | 'workstation' | 'reason' | 'accession',
    width: number,
    of: (row: GlassBreakRow) => string,
    grow = 0,
  ): Column<GlassBreakRow> => ({
    key,
    title: t(`labels.glass.${key}`),
    width,
    grow,
    render: (row) => <span title={of(row)}>{of(row)}</span>,
    text: of,
  })
  return [
    {
      key: 'state',
      title: t('labels.glass.state'),
      width: 112,
      render: (row) => {
        const state = stateOf(row, now)
        return <span className={stateClass[state]}>{stateWords(t, state)}</span>
      },
      text: (row) => stateWords(t, stateOf(row, now)),
      choices: (row) => [stateWords(t, stateOf(row, now))],
    },
    timeColumn('at', t('labels.glass.at'), (row) => row.at),
    text('who', 120, ({ who }) => who, 1),
    text('accession', 128, ({ accessionNumber }) => accessionNumber),
    {
      key: 'sensitivity',
      title: t('labels.glass.sensitivity'),
      width: 96,
      render: (row) => t(`labels.sensitivity.${row.sensitivity}`),
      text: (row) => t(`labels.sensitivity.${row.sensitivity}`),
      choices: (row) => [t(`labels.sensitivity.${row.sensitivity}`)],
    },
    text('reason', 240, ({ reason }) => reason, 3),
    text('workstation', 120, ({ workstation }) => workstation, 1),
  ]
}
