import { Button, Modal } from 'antd'
import { useTranslation } from 'react-i18next'
import { useFocusReturn } from '../app/focus-return.ts'
import { useClock } from '../bridge/index.ts'
import { sentenceTime } from '../i18n/index.ts'
import { personName } from '../patient/patient-facts.ts'
import type { ImagedRow } from './use-exam-access.tsx'

interface ClaimedDialogProps {
  row: ImagedRow
  /** Null where nothing was to be opened. */
  onRead: (() => void) | null
  onTakeOver: () => void
  onClose: () => void
}

/** Before an exam that another has claimed: to look at it only, or to report it in their place. */
export function ClaimedDialog({ row, onRead, onTakeOver, onClose }: ClaimedDialogProps) {
  const { t } = useTranslation()
  const clock = useClock()
  useFocusReturn()
  return (
    <Modal
      open
      title={t('worklistRoom.claimedTitle')}
      onCancel={onClose}
      width={440}
      centered
      destroyOnHidden
      footer={
        <>
          <Button onClick={onClose}>{t('app.cancel')}</Button>
          <Button danger onClick={onTakeOver} data-testid="take-over">
            {t('worklistRoom.takeOver')}
          </Button>
          {onRead && (
            <Button type="primary" onClick={onRead} autoFocus data-testid="open-read-only">
              {t('worklistRoom.readOnly')}
            </Button>
          )}
        </>
      }
    >
      <div data-testid="claimed-dialog">
        <p>
          <strong>{personName(row.patientName)}</strong> {row.itemName}
        </p>
        <p>
          {t('worklistRoom.claimedBy', {
            name: row.claimedBy?.name ?? '',
            time: sentenceTime(row.claimedBy?.since ?? 0, clock()),
          })}
        </p>
        <p className="quiet">{t('worklistRoom.claimedHint')}</p>
      </div>
    </Modal>
  )
}
