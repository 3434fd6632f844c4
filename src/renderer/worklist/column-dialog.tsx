import { Button, Checkbox, Modal } from 'antd'
import { useTranslation } from 'react-i18next'
import { useFocusReturn } from '../app/focus-return.ts'
import { type ColumnSetting, moveBefore, withShown } from '../table/arrange.ts'
import type { Column } from '../table/column.ts'

interface ColumnDialogProps {
  columns: readonly Pick<Column<never>, 'key' | 'title' | 'needed'>[]
  settings: readonly ColumnSetting[]
  onSettings: (settings: ColumnSetting[]) => void
  /** Back to what was delivered. */
  onReset: () => void
  onClose: () => void
}

/** Which columns there are and in which order, for who would rather not drag. */
export function ColumnDialog({ columns, settings, onSettings, onReset, onClose }: ColumnDialogProps) {
  useFocusReturn()
  const { t } = useTranslation()
  return (
    <Modal
      open
      title={t('worklistRoom.columns')}
      onCancel={onClose}
      width={400}
      centered
      destroyOnHidden
      footer={
        <>
          <Button onClick={onReset} data-testid="columns-reset">
            {t('worklistRoom.columnsReset')}
          </Button>
          <Button type="primary" onClick={onClose}>
            {t('app.close')}
          </Button>
        </>
      }
    >
      <p className="field-hint">{t('worklistRoom.columnsHint')}</p>
      <ul className="column-list" data-testid="column-list">
        {settings.map(({ key, shown }, at) => {
          const column = columns.find((each) => each.key === key)
          if (!column) return null
          const name = String(column.title)
          const move = (to: number) => onSettings(moveBefore(settings, key, settings[to]?.key ?? null))
          return (
            <li key={key}>
              <Checkbox
                checked={shown}
                disabled={column.needed ?? false}
                onChange={(event) => onSettings(withShown(settings, key, event.target.checked))}
                data-testid={`column-${key}`}
              >
                {column.title}
              </Checkbox>
              <span className="space" />
              <Button
                size="small"
                type="text"
                disabled={at === 0}
                onClick={() => move(at - 1)}
                aria-label={t('worklistRoom.columnUp', { name })}
              >
                ↑
              </Button>
              <Button
                size="small"
                type="text"
                disabled={at === settings.length - 1}
                onClick={() => move(at + 2)}
                aria-label={t('worklistRoom.columnDown', { name })}
              >
                ↓
              </Button>
            </li>
          )
        })}
      </ul>
    </Modal>
  )
}
