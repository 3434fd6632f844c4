import { useMutation } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DeliveryTarget } from '../../../shared/api/index.ts'
import { failureOf } from '../../../shared/errors/index.ts'
import { useFailureSentence } from '../../app/failure-notice.tsx'
import { unwrap, useBridge } from '../../bridge/index.ts'
import { dateTime, sentenceTime } from '../../i18n/index.ts'
import { FactsPanel } from '../frame/facts-panel.tsx'
import { useListing } from '../frame/listing.ts'
import { OfficerScreen } from '../frame/officer-screen.tsx'
import { useNow } from '../frame/use-now.ts'
import { circuitWeight, targetColumns } from './delivery-target-columns.tsx'
import { deliveryErrorText } from './interface-words.ts'
import { rowsOf } from './rows-of.ts'
import { TestAlertDialog } from './test-alert-dialog.tsx'

/** The hospital systems that alerts go to, and whether they answer. */
export function DeliveryTargets() {
  const { t } = useTranslation()
  const bridge = useBridge()
  const listing = useListing(
    'delivery-targets',
    rowsOf(bridge.interfacesTargets, ({ targets }) => targets),
    5_000,
  )
  const columns = useMemo(() => targetColumns(t), [t])
  const [selected, setSelected] = useState<string | null>(null)
  const [testing, setTesting] = useState<DeliveryTarget | null>(null)
  const row = listing.rows.find(({ name }) => name === selected)
  return (
    <>
      <OfficerScreen
        table="delivery-targets"
        title={t('interfaces.part.targets')}
        listing={listing}
        columns={columns}
        rowKey={({ name }) => name}
        selected={selected}
        onSelect={setSelected}
        onOpen={setTesting}
        attributes={({ circuit }) => ({ 'data-circuit': circuit })}
        aside={
          row && <TargetFacts row={row} onTest={() => setTesting(row)} onClose={() => setSelected(null)} />
        }
        hint={t('interfaces.target.keys')}
      />
      {testing && <TestAlertDialog target={testing} onClose={() => setTesting(null)} />}
    </>
  )
}

function TargetFacts(props: { row: DeliveryTarget; onTest: () => void; onClose: () => void }) {
  const { row } = props
  const { t } = useTranslation()
  const bridge = useBridge()
  const now = useNow(1_000)
  const { message } = App.useApp()
  const sentence = useFailureSentence()
  const moment = (at: number | null) => (at === null ? t('interfaces.never') : dateTime(at))
  const resume = useMutation({
    mutationFn: () => unwrap(bridge.interfacesResumeTarget({ target: row.name })),
    onSuccess: () => void message.success(t('interfaces.target.resumed')),
    onError: (thrown) => void message.error(sentence(failureOf(thrown))),
  })
  return (
    <FactsPanel
      title={row.name}
      states={
        <>
          <span className={`state-${circuitWeight[row.circuit]}`}>
            {t(`interfaces.target.circuitLong.${row.circuit}`)}
            {row.resumesAt !== null &&
              t('interfaces.target.resumesAt', { time: sentenceTime(row.resumesAt, now) })}
          </span>
          {row.deadLetters > 0 && (
            <span className="state-bad">
              {t('interfaces.target.hasDeadLetters', { count: row.deadLetters })}
            </span>
          )}
          {!row.tls && row.kind !== 'table' && (
            <span className="state-warn">{t('interfaces.target.plain')}</span>
          )}
        </>
      }
      facts={[
        [t('interfaces.target.kind'), t(`interfaces.target.kinds.${row.kind}`)],
        [t('interfaces.target.address'), row.address],
        [t('interfaces.target.waiting'), String(row.waiting)],
        [t('interfaces.target.lastSuccess'), moment(row.lastSuccessAt)],
        [t('interfaces.target.lastFailure'), moment(row.lastFailureAt)],
        [t('interfaces.target.lastError'), deliveryErrorText(t, row.lastError) || t('administration.none')],
      ]}
      actions={
        <>
          <Button type="primary" onClick={props.onTest} data-testid="target-test">
            {t('interfaces.target.test')}
          </Button>
          <Button
            onClick={() => resume.mutate()}
            loading={resume.isPending}
            disabled={row.circuit === 'closed'}
            data-testid="target-resume"
          >
            {t('interfaces.target.resume')}
          </Button>
        </>
      }
      onClose={props.onClose}
      testId="target-facts"
    />
  )
}
