import { type SyntheticEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { usePermission } from '../app/session.ts'
import { Eye } from './eye.tsx'
import { type MaskedExam, RevealDialog } from './reveal-dialog.tsx'

const hold = (event: SyntheticEvent) => event.stopPropagation()

/** 显示完整身份信息 wherever a name or number is masked; nothing for who may not see it on need. */
export function RevealEye({ exam }: { exam: MaskedExam }) {
  const { t } = useTranslation()
  const allowed = usePermission('identity.reveal')
  const [asking, setAsking] = useState(false)
  if (!allowed) return null
  return (
    <>
      <Eye title={t('labels.reveal.title')} onReveal={() => setAsking(true)} />
      {asking && (
        // biome-ignore lint/a11y/noStaticElementInteractions: what is typed in the dialog is not for the list that the eye stands in
        <span role="presentation" onKeyDown={hold} onClick={hold} onDoubleClick={hold}>
          <RevealDialog exam={exam} onClose={() => setAsking(false)} />
        </span>
      )}
    </>
  )
}
