import { Modal } from 'antd'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFocusReturn } from '../app/focus-return.ts'

interface ViewNameDialogProps {
  name: string
  renames: boolean
  /** Names of the other views. */
  taken: readonly string[]
  onName: (name: string) => void
  onClose: () => void
}

/** Asks for the name of a view. */
export function ViewNameDialog(props: ViewNameDialogProps) {
  useFocusReturn()
  const { t } = useTranslation()
  const id = useId()
  const [name, setName] = useState(props.name)
  const trimmed = name.trim()
  const taken = props.taken.includes(trimmed)
  const ready = trimmed !== '' && !taken
  return (
    <Modal
      open
      title={t(props.renames ? 'worklistRoom.renameView' : 'worklistRoom.saveView')}
      okText={t('worklistRoom.save')}
      cancelText={t('app.cancel')}
      okButtonProps={{ disabled: !ready }}
      onOk={() => props.onName(trimmed)}
      onCancel={props.onClose}
      width={400}
      centered
      destroyOnHidden
    >
      <form
        className="field"
        onSubmit={(event) => {
          event.preventDefault()
          if (ready) props.onName(trimmed)
        }}
      >
        <label htmlFor={id}>{t('worklistRoom.viewName')}</label>
        <input
          id={id}
          className="field-input"
          value={name}
          onChange={(event) => setName(event.target.value)}
          maxLength={20}
          // biome-ignore lint/a11y/noAutofocus: the one field of a dialog that was asked for
          autoFocus
          aria-invalid={taken}
          autoComplete="off"
          data-testid="view-name"
        />
        <span className="field-hint">{taken ? t('worklistRoom.viewTaken') : t('worklistRoom.viewHint')}</span>
      </form>
    </Modal>
  )
}
