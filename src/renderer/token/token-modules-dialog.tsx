import { Modal } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Failure, failureOf } from '../../shared/errors/index.ts'
import type { IpcResult } from '../../shared/ipc/index.ts'
import { useFailureSentence } from '../app/failure-notice.tsx'
import { unwrap, useBridge } from '../bridge/index.ts'
import { EntryMessage } from '../entry/entry-message.tsx'

type Report = IpcResult<'tokens.modules'>

/** What became of each driver that this machine's policy names, in words that can be read to IT over the telephone. */
export function TokenModulesDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Modal
      open={open}
      onCancel={onClose}
      title={t('token.modules.title')}
      footer={null}
      width={560}
      centered
      destroyOnHidden
    >
      <Modules />
    </Modal>
  )
}

function Modules() {
  const { t } = useTranslation()
  const bridge = useBridge()
  const sentence = useFailureSentence()
  const [report, setReport] = useState<Report | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  useEffect(() => {
    unwrap(bridge.tokensModules()).then(setReport, (thrown: unknown) => setFailure(failureOf(thrown)))
  }, [bridge])

  if (failure) return <EntryMessage kind="bad">{sentence(failure)}</EntryMessage>
  if (!report) return <p className="quiet">{t('app.loading')}</p>
  return (
    <div className="entry-form" data-testid="token-modules">
      <p className="quiet">{t('token.modules.intro')}</p>
      {report.problem && (
        <EntryMessage kind="bad" code={report.problem}>
          {t(`token.modules.problem.${report.problem}`)}
        </EntryMessage>
      )}
      {!report.problem && report.modules.length === 0 && (
        <EntryMessage kind="info">{t('token.modules.none')}</EntryMessage>
      )}
      {report.modules.length > 0 && (
        <ul className="token-modules">
          {report.modules.map((module) => (
            <li key={module.path} data-testid="token-module" data-state={module.state}>
              <strong>{module.label}</strong>
              <span className={`token-module-state token-module-${module.state}`}>
                {t(`token.modules.state.${module.state}`)}
              </span>
              <span className="token-module-path">{module.path}</span>
              {module.state !== 'loaded' && (
                <span className="quiet">{t(`token.modules.advice.${module.state}`)}</span>
              )}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
