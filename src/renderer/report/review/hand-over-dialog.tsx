import { Button, Modal } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Inconsistency } from '../../../shared/report/consistency/index.ts'
import { useDoubtWords } from '../consistency/doubt-words.ts'

export interface HandOver {
  purpose: 'sign' | 'submit'
  /** What must be corrected, or corrected or confirmed. */
  doubts: readonly Inconsistency[]
  /** Critical findings that are alerted only once it is signed. */
  suspected: number
}

interface HandOverDialogProps extends HandOver {
  onJump: (doubt: Inconsistency) => void
  onBack: () => void
  onGo: () => void
}

/** Before a report is handed in or signed: what in it must be corrected or confirmed, and what must be told at once. */
export function HandOverDialog({ purpose, doubts, suspected, onJump, onBack, onGo }: HandOverDialogProps) {
  const { t } = useTranslation()
  const blocking = doubts.filter(({ weight }) => weight === 'blocking')
  const serious = doubts.filter(({ weight }) => weight === 'serious')
  const blocked = blocking.length > 0
  return (
    <Modal
      open
      title={t(purpose === 'sign' ? 'review.hand.signTitle' : 'review.hand.submitTitle')}
      width={560}
      onCancel={onBack}
      mask={{ closable: false }}
      footer={null}
      centered
      destroyOnHidden
      data-testid="hand-over"
    >
      {suspected > 0 && (
        <p className="standing-suspected" role="status" data-testid="hand-suspected">
          {t('review.hand.suspected', { count: suspected })}
        </p>
      )}
      {blocked && <DoubtList title={t('review.hand.mustCorrect')} doubts={blocking} onJump={onJump} />}
      {serious.length > 0 && (
        <DoubtList title={t('review.hand.mustConfirm')} doubts={serious} onJump={onJump} />
      )}
      <div className="hand-actions">
        <span className="quiet">{blocked ? '' : t('review.hand.keys')}</span>
        <Button onClick={onBack} autoFocus={blocked} data-testid="hand-back">
          {t('review.hand.back')}
        </Button>
        {!blocked && (
          <Button type="primary" onClick={onGo} autoFocus data-testid="hand-go">
            {t(purpose === 'sign' ? 'review.hand.goSign' : 'review.hand.goSubmit')}
          </Button>
        )}
      </div>
    </Modal>
  )
}

function DoubtList({
  title,
  doubts,
  onJump,
}: {
  title: string
  doubts: readonly Inconsistency[]
  onJump: (doubt: Inconsistency) => void
}) {
  const { t } = useTranslation()
  const words = useDoubtWords()
  return (
    <>
      <p>{title}</p>
      <ul className="hand-doubts">
        {doubts.map((doubt) => {
          const { what, why } = words(doubt)
          return (
            <li key={`${doubt.kind}:${doubt.section}:${doubt.start}`}>
              <button
                type="button"
                className={`finding doubt-${doubt.weight}`}
                onClick={() => onJump(doubt)}
                data-testid="hand-doubt"
                data-kind={doubt.kind}
              >
                <span className="doubt-what">{what}</span>
                <span className="doubt-words">{doubt.words.slice(0, 40)}</span>
                <span className="finding-type quiet">{why}</span>
                <span className="quiet">{t(`report.section.${doubt.section}`)}</span>
              </button>
            </li>
          )
        })}
      </ul>
    </>
  )
}
