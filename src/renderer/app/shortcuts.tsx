import { Modal } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { areasOf } from './areas.ts'
import { usePermission, useSession } from './session.ts'
import { isTextField } from './text-field.ts'

type Part = 'window' | 'list' | 'images' | 'report' | 'signOff' | 'dictionary'

/** The keys of each part of the window; what each does stands in the texts under the same name, in this order. */
const keys: Record<Part, readonly (readonly [keys: string, does: string])[]> = {
  window: [
    ['?', 'sheet'],
    ['Ctrl+L', 'lock'],
    ['F8', 'alerts'],
  ],
  list: [
    ['↑ ↓ Home End', 'select'],
    ['Enter', 'open'],
    ['/', 'search'],
  ],
  images: [
    ['↑ ↓', 'scroll'],
    ['PgUp PgDn', 'page'],
    ['Home End', 'ends'],
    ['0 – 9', 'preset'],
    ['R', 'reset'],
    ['I', 'invert'],
    ['Space', 'play'],
    ['Alt+←', 'back'],
  ],
  report: [
    ['Ctrl+S', 'save'],
    ['Ctrl+Enter', 'signOff'],
    ['Ctrl+Z  Ctrl+Y', 'undo'],
    ['Alt+→', 'next'],
  ],
  signOff: [
    ['A', 'alert'],
    ['D', 'dismiss'],
    ['M', 'merge'],
    ['Tab  Space', 'choose'],
    ['Enter', 'sign'],
    ['Esc', 'back'],
    ['N', 'next'],
  ],
  dictionary: [
    ['Ctrl+S', 'save'],
    ['Ctrl+Z  Ctrl+Y', 'undo'],
    ['Enter', 'addTerm'],
    ['Backspace', 'removeTerm'],
    ['↑ ↓', 'terms'],
  ],
}

function keysOf(part: Part, readsAlerts: boolean) {
  return keys[part].filter(([, does]) => does !== 'alerts' || readsAlerts)
}

/** The header's way to the sheet of shortcuts; `?` opens it from anywhere but a text field. */
export function Shortcuts() {
  const { t } = useTranslation()
  const [shown, setShown] = useState(false)
  const areas = areasOf(useSession().permissions)
  const readsAlerts = usePermission('alert.read')
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== '?' || event.ctrlKey || event.altKey || isTextField(event.target)) return
      if (document.querySelector('[role=dialog]')) return
      event.preventDefault()
      setShown(true)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
  const writes = usePermission('report.write')
  const parts: Part[] = [
    'window',
    'list',
    ...(areas.includes('reading') || areas.includes('exam') ? (['images'] as const) : []),
    ...(areas.includes('reading') && writes ? (['report', 'signOff'] as const) : []),
    ...(areas.includes('dictionary') ? (['dictionary'] as const) : []),
  ]
  const does = t as unknown as (key: string) => string
  return (
    <>
      <button
        type="button"
        className="header-button"
        title={t('shortcuts.hint')}
        aria-label={t('shortcuts.title')}
        onClick={() => setShown(true)}
        data-testid="shortcuts"
      >
        ?
      </button>
      <Modal
        open={shown}
        onCancel={() => setShown(false)}
        title={t('shortcuts.title')}
        footer={null}
        width={680}
        centered
        destroyOnHidden
      >
        <div className="shortcuts" data-testid="shortcut-sheet">
          {parts.map((part) => (
            <section key={part}>
              <h3>{t(`shortcuts.part.${part}`)}</h3>
              <dl>
                {keysOf(part, readsAlerts).map(([pressed, name]) => (
                  <div key={name}>
                    <dt>
                      <kbd>{pressed}</kbd>
                    </dt>
                    <dd>{does(`shortcuts.does.${part}.${name}`)}</dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
        </div>
      </Modal>
    </>
  )
}
