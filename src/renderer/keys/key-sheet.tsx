import { App, Button, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Permission } from '../../shared/access/index.ts'
import { failureOf } from '../../shared/errors/index.ts'
import { useFailureSentence } from '../app/failure-notice.tsx'
import { useFocusReturn } from '../app/focus-return.ts'
import { useSession } from '../app/session.ts'
import { useSetting } from '../settings/use-setting.ts'
import { type ActionId, actionIds, actionOf, chordsOf, type KeyPart, keyParts } from './actions.ts'
import { chordText } from './chord.ts'
import { KeyRow } from './key-row.tsx'
import type { Bindings } from './rebind.ts'
import './keys.css'

/** What opens a part of the window; nobody is shown keys of what they do not have. */
const needs: Partial<Record<KeyPart, readonly Permission[]>> = {
  list: ['worklist.read'],
  reading: ['study.read'],
  images: ['study.read'],
  measure: ['study.read'],
  report: ['report.write'],
  signOff: ['report.sign'],
  dictionary: ['dictionary.manage'],
}

/** Every key and what it does, with the person's own; and where they are changed. */
export function KeySheet({ onClose }: { onClose: () => void }) {
  useFocusReturn()
  const { t } = useTranslation()
  const { permissions } = useSession()
  const { message } = App.useApp()
  const sentence = useFailureSentence()
  const [{ bindings }, change] = useSetting('keys')
  const [search, setSearch] = useState('')
  const does = (id: ActionId) => (t as (key: string) => string)(`keys.does.${id}`)
  const may = (wanted: readonly Permission[] = []) => wanted.every((each) => permissions.includes(each))
  const word = search.trim().toLowerCase()
  const matches = (id: ActionId) =>
    [
      does(id),
      t(`keys.part.${actionOf(id).part}`),
      ...chordsOf(id, bindings).flatMap((chord) => [chord, chordText(chord)]),
    ].some((text) => text.toLowerCase().includes(word))
  const shown = keyParts.flatMap((part) => {
    const ids = actionIds.filter((id) => actionOf(id).part === part && may(actionOf(id).needs) && matches(id))
    return may(needs[part]) && ids.length > 0 ? [{ part, ids }] : []
  })
  const save = (next: Bindings | null) => {
    const value = next && {
      bindings: Object.fromEntries(Object.entries(next).map(([id, chords]) => [id, [...chords]])),
    }
    change(value).catch((thrown) => void message.error(sentence(failureOf(thrown))))
  }

  return (
    <Modal
      open
      onCancel={onClose}
      title={t('shortcuts.title')}
      width={980}
      centered
      destroyOnHidden
      footer={
        <div className="key-sheet-foot">
          <span className="quiet">{t('keys.hint')}</span>
          <span className="space" />
          <Button
            disabled={Object.keys(bindings).length === 0}
            onClick={() => save(null)}
            data-testid="keys-reset-all"
          >
            {t('keys.resetAll')}
          </Button>
          <Button type="primary" onClick={onClose}>
            {t('app.close')}
          </Button>
        </div>
      }
    >
      <input
        type="search"
        className="field-input key-search"
        value={search}
        onChange={(event) => setSearch(event.target.value)}
        placeholder={t('keys.search')}
        aria-label={t('keys.search')}
        // biome-ignore lint/a11y/noAutofocus: the sheet is asked for to look something up
        autoFocus
        autoComplete="off"
        data-testid="key-search"
      />
      <div className="key-sheet" data-testid="shortcut-sheet">
        {shown.length === 0 && <p className="quiet">{t('keys.none')}</p>}
        <div className="key-columns">
          {shown.map(({ part, ids }) => (
            <section key={part} aria-label={t(`keys.part.${part}`)}>
              <h3>{t(`keys.part.${part}`)}</h3>
              <ul>
                {ids.map((id) => (
                  <KeyRow key={id} id={id} does={does} own={bindings} onOwn={save} />
                ))}
              </ul>
            </section>
          ))}
        </div>
      </div>
    </Modal>
  )
}
