import { Button, Checkbox } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { QuarantinedMessage } from '../../../shared/api/index.ts'
import { useBridge } from '../../bridge/index.ts'
import { dateTime } from '../../i18n/index.ts'
import { FactsPanel } from '../frame/facts-panel.tsx'
import { useListing } from '../frame/listing.ts'
import { OfficerScreen } from '../frame/officer-screen.tsx'
import { ReasonDialog } from '../frame/reason-dialog.tsx'
import { problemText } from './interface-words.ts'
import { quarantineColumns } from './quarantine-columns.tsx'
import { QuarantinedMessageDialog } from './quarantined-message-dialog.tsx'
import { rowsOf } from './rows-of.ts'

/** Messages that could not be taken in: looked at one at a time, taken in again (corrected where need be), or put away with a reason. */
export function Quarantine() {
  const { t } = useTranslation()
  const bridge = useBridge()
  const [all, setAll] = useState(false)
  const listing = useListing(
    all ? 'quarantine-all' : 'quarantine',
    rowsOf(
      () => bridge.interfacesQuarantine({ state: all ? 'all' : 'waiting' }),
      ({ messages }) => messages,
    ),
    10_000,
  )
  const columns = useMemo(() => quarantineColumns(t), [t])
  const [selected, setSelected] = useState<string | null>(null)
  const [opened, setOpened] = useState<QuarantinedMessage | null>(null)
  const [discarding, setDiscarding] = useState<QuarantinedMessage | null>(null)
  const row = listing.rows.find(({ id }) => id === selected)
  return (
    <>
      <OfficerScreen
        table="quarantine"
        title={t('interfaces.part.quarantine')}
        listing={listing}
        columns={columns}
        rowKey={({ id }) => id}
        selected={selected}
        onSelect={setSelected}
        onOpen={setOpened}
        actions={
          <Checkbox
            checked={all}
            onChange={(event) => setAll(event.target.checked)}
            data-testid="quarantine-all"
          >
            {t('interfaces.quarantine.all')}
          </Checkbox>
        }
        aside={
          row && (
            <FactsPanel
              title={row.messageType || t('interfaces.quarantine.unknownType')}
              states={
                <span className={row.state === 'waiting' ? 'state-bad' : 'state-ok'}>
                  {t(`interfaces.quarantine.states.${row.state}`)}
                </span>
              }
              facts={[
                [t('interfaces.quarantine.reason'), `${problemText(t, row.reason)} ${row.where}`.trim()],
                [t('interfaces.quarantine.feed'), row.feed],
                [t('interfaces.quarantine.peer'), row.peer],
                [t('interfaces.quarantine.controlId'), row.controlId || t('administration.none')],
                [t('interfaces.quarantine.bytes'), String(row.bytes)],
                [t('interfaces.quarantine.receivedAt'), dateTime(row.receivedAt)],
                ...(row.settledAt === null
                  ? []
                  : [
                      [
                        t('interfaces.quarantine.settled'),
                        `${dateTime(row.settledAt)} ${row.settledBy}`,
                      ] as const,
                    ]),
              ]}
              actions={
                <>
                  <Button type="primary" onClick={() => setOpened(row)} data-testid="quarantine-open">
                    {t('interfaces.quarantine.open')}
                  </Button>
                  {row.state === 'waiting' && (
                    <Button danger onClick={() => setDiscarding(row)} data-testid="quarantine-discard">
                      {t('interfaces.quarantine.discard')}
                    </Button>
                  )}
                </>
              }
              onClose={() => setSelected(null)}
              testId="quarantine-facts"
            />
          )
        }
        hint={t('interfaces.quarantine.hint')}
      />
      {opened && <QuarantinedMessageDialog id={opened.id} onClose={() => setOpened(null)} />}
      {discarding && (
        <ReasonDialog
          title={t('interfaces.quarantine.discardTitle')}
          whom={`${discarding.messageType} ${discarding.controlId}`.trim() || discarding.feed}
          text={t('interfaces.quarantine.discardFollows')}
          submit={t('interfaces.quarantine.discard')}
          run={(reason) => bridge.interfacesDiscardQuarantined({ id: discarding.id, reason })}
          done={t('interfaces.quarantine.discarded')}
          onClose={() => setDiscarding(null)}
        />
      )}
    </>
  )
}
