import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { KeySheet } from '../keys/key-sheet.tsx'
import { useAction, useKeyHint } from '../keys/keys-provider.tsx'

/** The header's way to the sheet of shortcuts; its key (?) opens it from anywhere but a text field. */
export function Shortcuts() {
  const { t } = useTranslation()
  const [shown, setShown] = useState(false)
  const key = useKeyHint('window.sheet')
  useAction('window.sheet', () => setShown(true))
  return (
    <>
      <button
        type="button"
        className="header-button"
        title={key ? t('shortcuts.hint', { key }) : t('shortcuts.title')}
        aria-label={t('shortcuts.title')}
        onClick={() => setShown(true)}
        data-testid="shortcuts"
      >
        ?
      </button>
      {shown && <KeySheet onClose={() => setShown(false)} />}
    </>
  )
}
