import { useQuery } from '@tanstack/react-query'
import { Button, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Reason } from '../../../shared/api/administration.ts'
import type { QuarantinedMessage } from '../../../shared/api/index.ts'
import { FailureNotice } from '../../app/failure-notice.tsx'
import { useFocusReturn } from '../../app/focus-return.ts'
import { unwrap, useBridge } from '../../bridge/index.ts'
import { ActionDialog } from '../frame/action-dialog.tsx'
import { ReasonField } from '../frame/reason-dialog.tsx'
import { problemText } from './interface-words.ts'

/** One message in full. It may be taken in again as it came, or corrected; that it was looked at is audited. */
export function QuarantinedMessageDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation()
  const bridge = useBridge()
  // Its own loading state comes between the list and the dialog below.
  useFocusReturn()
  const query = useQuery({
    // Not below the officers' key: it is asked for once, since every look is recorded.
    queryKey: ['quarantined-message', id],
    queryFn: () => unwrap(bridge.interfacesQuarantinedMessage({ id })),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  if (query.data) return <Opened {...query.data} onClose={onClose} />
  return (
    <Modal open title={t('interfaces.quarantine.open')} onCancel={onClose} footer={null} width={760} centered>
      {query.isError ? (
        <FailureNotice
          title={t('administration.failed')}
          thrown={query.error}
          onRetry={() => void query.refetch()}
        />
      ) : (
        <div className="fill-message">{t('app.loading')}</div>
      )}
    </Modal>
  )
}

function Opened(props: {
  message: QuarantinedMessage
  text: string
  veiled: boolean
  correctable: boolean
  onClose: () => void
}) {
  const { message } = props
  const { t } = useTranslation()
  const bridge = useBridge()
  const [whole, setWhole] = useState<string | null>(null)
  const [asking, setAsking] = useState(false)
  const came = lines(whole ?? props.text)
  const [text, setText] = useState(came)
  const waiting = message.state === 'waiting'
  const corrected = text !== came
  return (
    <>
      <ActionDialog
        title={t('interfaces.quarantine.open')}
        submit={t(corrected ? 'interfaces.quarantine.replayCorrected' : 'interfaces.quarantine.replay')}
        ready={waiting && text.trim() !== ''}
        run={() =>
          unwrap(
            bridge.interfacesReplayQuarantined({
              id: message.id,
              // HL7 2.5.2: a segment ends with a carriage return.
              ...(corrected ? { text: text.replace(/\n/g, '\r') } : {}),
            }),
          )
        }
        done={t('interfaces.quarantine.replayed')}
        onClose={props.onClose}
        leave={waiting ? undefined : t('app.close')}
        long={corrected}
        width={860}
      >
        <p className="dialog-whom">
          {problemText(t, message.reason)} {message.where}
        </p>
        <p className="dialog-text">
          {t(
            props.correctable
              ? 'interfaces.quarantine.openFollows'
              : 'interfaces.quarantine.openReplyFollows',
          )}
        </p>
        {props.veiled && whole === null && (
          <p className="dialog-text quarantined-veiled">
            {t('interfaces.quarantine.veiled')}{' '}
            <Button size="small" onClick={() => setAsking(true)} data-testid="quarantined-reveal">
              {t('interfaces.quarantine.reveal')}
            </Button>
          </p>
        )}
        <textarea
          className="quarantined-text mono"
          value={text}
          onChange={(event) => setText(event.target.value)}
          readOnly={!waiting || !props.correctable}
          spellCheck={false}
          wrap="soft"
          aria-label={t('interfaces.quarantine.text')}
          data-testid="quarantined-text"
        />
        {corrected && (
          <p className="dialog-text">
            <Button size="small" onClick={() => setText(came)} data-testid="quarantined-undo">
              {t('interfaces.quarantine.asItCame')}
            </Button>
          </p>
        )}
      </ActionDialog>
      {asking && (
        <RevealMessage
          id={message.id}
          onRevealed={(revealed) => {
            setWhole(revealed)
            setText(lines(revealed))
            setAsking(false)
          }}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  )
}

const lines = (text: string) => text.replace(/\r\n?/g, '\n')

function RevealMessage(props: { id: string; onRevealed: (text: string) => void; onClose: () => void }) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const [reason, setReason] = useState('')
  return (
    <ActionDialog
      title={t('interfaces.quarantine.revealTitle')}
      submit={t('interfaces.quarantine.revealSubmit')}
      ready={Reason.safeParse(reason).success}
      run={() => unwrap(bridge.interfacesRevealQuarantined({ id: props.id, reason: reason.trim() }))}
      onDone={({ text }) => props.onRevealed(text)}
      onClose={props.onClose}
    >
      <p className="dialog-text">{t('interfaces.quarantine.revealText')}</p>
      <ReasonField value={reason} onChange={setReason} />
    </ActionDialog>
  )
}
