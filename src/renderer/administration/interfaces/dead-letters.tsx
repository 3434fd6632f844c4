import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DeadLetter } from '../../../shared/api/index.ts'
import { failureOf } from '../../../shared/errors/index.ts'
import { LevelTag } from '../../alerts/level-tag.tsx'
import { useFailureSentence } from '../../app/failure-notice.tsx'
import { unwrap, useBridge } from '../../bridge/index.ts'
import { dateTime, type Translate } from '../../i18n/index.ts'
import type { Column } from '../../table/column.ts'
import { timeColumn } from '../../table/time-column.tsx'
import { FactsPanel } from '../frame/facts-panel.tsx'
import { administrationKey, useListing } from '../frame/listing.ts'
import { OfficerScreen } from '../frame/officer-screen.tsx'
import { deliveryErrorText } from './interface-words.ts'
import { rowsOf } from './rows-of.ts'

/** Messages that a target gave a lasting reason against: mend the reason, then send them again. */
export function DeadLetters() {
  const { t } = useTranslation()
  const bridge = useBridge()
  const listing = useListing(
    'dead-letters',
    rowsOf(bridge.interfacesDeadLetters, ({ letters }) => letters),
    10_000,
  )
  const columns = useMemo(() => columnsOf(t), [t])
  const [selected, setSelected] = useState<string | null>(null)
  const replay = useReplay()
  const row = listing.rows.find(({ id }) => id === selected)
  return (
    <OfficerScreen
      table="dead-letters"
      title={t('interfaces.part.letters')}
      listing={listing}
      columns={columns}
      rowKey={({ id }) => id}
      selected={selected}
      onSelect={setSelected}
      aside={
        row && (
          <FactsPanel
            title={t(`interfaces.message.${row.kind}`)}
            states={<span className="state-bad">{deliveryErrorText(t, row.error)}</span>}
            facts={[
              [t('interfaces.letter.target'), row.target],
              [t('interfaces.letter.alert'), row.alertId],
              [t('interfaces.letter.type'), row.type],
              [t('interfaces.letter.attempts'), String(row.attempts)],
              [t('interfaces.letter.createdAt'), dateTime(row.createdAt)],
              [t('interfaces.letter.refusedAt'), dateTime(row.refusedAt)],
            ]}
            actions={
              <Button
                type="primary"
                loading={replay.isPending}
                onClick={() => replay.mutate(row.id)}
                data-testid="letter-replay"
              >
                {t('interfaces.letter.replay')}
              </Button>
            }
            onClose={() => setSelected(null)}
            testId="letter-facts"
          />
        )
      }
      hint={t('interfaces.letter.hint')}
    />
  )
}

function useReplay() {
  const { t } = useTranslation()
  const bridge = useBridge()
  const queries = useQueryClient()
  const { message } = App.useApp()
  const sentence = useFailureSentence()
  return useMutation({
    mutationFn: (id: string) => unwrap(bridge.interfacesReplayDeadLetter({ id })),
    onSuccess: () => void message.success(t('interfaces.letter.replayed')),
    onError: (thrown) => void message.error(sentence(failureOf(thrown))),
    onSettled: () => void queries.invalidateQueries({ queryKey: [administrationKey] }),
  })
}

function columnsOf(t: Translate): Column<DeadLetter>[] {
  const kind = (row: DeadLetter) => t(`interfaces.message.${row.kind}`)
  const error = (row: DeadLetter) => deliveryErrorText(t, row.error)
  return [
    timeColumn('refused', t('interfaces.letter.refusedAt'), (row) => row.refusedAt),
    {
      key: 'target',
      title: t('interfaces.letter.target'),
      width: 136,
      grow: 1,
      render: (row) => row.target,
      text: (row) => row.target,
      choices: (row) => [row.target],
    },
    {
      key: 'kind',
      title: t('interfaces.letter.kind'),
      width: 96,
      render: kind,
      text: kind,
      choices: (row) => [kind(row)],
    },
    {
      key: 'level',
      title: t('interfaces.letter.level'),
      width: 64,
      render: (row) => <LevelTag level={row.level} />,
      text: (row) => t(`level.${row.level}`),
    },
    {
      key: 'error',
      title: t('interfaces.letter.error'),
      width: 200,
      grow: 3,
      render: (row) => (
        <span className="state-bad" title={error(row)}>
          {error(row)}
        </span>
      ),
      text: error,
      choices: (row) => [error(row)],
    },
    {
      key: 'attempts',
      title: t('interfaces.letter.attempts'),
      width: 80,
      render: (row) => <span className="number">{row.attempts}</span>,
      text: (row) => String(row.attempts),
      order: (row) => row.attempts,
    },
    {
      key: 'alert',
      title: t('interfaces.letter.alert'),
      width: 176,
      render: (row) => <span className="mono">{row.alertId}</span>,
      text: (row) => row.alertId,
    },
  ]
}
