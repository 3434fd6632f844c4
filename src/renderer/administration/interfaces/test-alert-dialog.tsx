import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DeliveryTarget, TestAlertResult } from '../../../shared/api/index.ts'
import { unwrap, useBridge } from '../../bridge/index.ts'
import { ActionDialog } from '../frame/action-dialog.tsx'
import { deliveryErrorText } from './interface-words.ts'

const weights = { delivered: 'ok', retry: 'warn', refused: 'bad' } as const

/** Sends an alert that says it is a test, as often as wanted, and shows what both sides said. */
export function TestAlertDialog({ target, onClose }: { target: DeliveryTarget; onClose: () => void }) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const [result, setResult] = useState<TestAlertResult | null>(null)
  return (
    <ActionDialog
      title={t('interfaces.test.title')}
      submit={t(result ? 'interfaces.test.again' : 'interfaces.test.send')}
      run={() => unwrap(bridge.interfacesSendTestAlert({ target: target.name }))}
      onDone={setResult}
      onClose={onClose}
      leave={result ? t('app.close') : undefined}
      width={760}
    >
      <p className="dialog-whom">
        {target.name} · {target.address}
      </p>
      <p className="dialog-text">{t('interfaces.test.follows')}</p>
      {result && (
        <div className="exchange" data-testid="test-result" data-outcome={result.outcome}>
          <p className={`test-verdict state-${weights[result.outcome]}`} role="status">
            {t(`interfaces.test.outcome.${result.outcome}`)}
            <span className="quiet number">{t('interfaces.test.took', { ms: Math.round(result.ms) })}</span>
            {result.error !== null && <span>{deliveryErrorText(t, result.error)}</span>}
          </p>
          <h3>{t('interfaces.test.request')}</h3>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, by keyboard too */}
          <pre className="mono" tabIndex={0} data-testid="test-request">
            {lines(result.exchange.request)}
          </pre>
          <h3>{t('interfaces.test.response')}</h3>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, by keyboard too */}
          <pre className="mono" tabIndex={0} data-testid="test-response">
            {result.exchange.response === null
              ? t('interfaces.test.silence')
              : lines(result.exchange.response)}
          </pre>
        </div>
      )}
    </ActionDialog>
  )
}

/** HL7 ends its segments with a carriage return alone, which a page does not show as a line's end. */
function lines(text: string): string {
  return text.replace(/\r\n?/g, '\n')
}
