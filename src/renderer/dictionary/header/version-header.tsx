import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DictionaryVersion } from '../../../shared/api/dictionary.ts'
import { ActionDialog } from '../../administration/index.ts'
import { unwrap, useBridge } from '../../bridge/index.ts'
import { dateTime } from '../../i18n/index.ts'
import { mostOfNote } from '../draft/copy.ts'
import type { Draft } from '../draft/use-draft.ts'
import type { DraftActions } from '../draft/use-draft-actions.ts'
import { versionsKey } from '../versions/version-queries.ts'
import { editorNames, personName } from '../versions/version-words.ts'
import { SaveState } from './save-state.tsx'

interface VersionHeaderProps {
  versions: readonly DictionaryVersion[]
  inForce: string
  row: DictionaryVersion | null
  draft: Draft
  actions: DraftActions
  /** Somebody else's draft, that this person does not write at. */
  readOnly: boolean
  notCurrent: boolean
  onUndo: () => void
  onRedo: () => void
  onPart: (part: 'dryRun' | 'approval') => void
  /** To the first thing that is to be put right. */
  onErrors: () => void
}

/** What is in force, the draft and how it stands, and what can be done with it. */
export function VersionHeader(props: VersionHeaderProps) {
  const { row, draft, actions } = props
  const { t } = useTranslation()
  const current = props.versions.find(({ version }) => version === props.inForce)
  const [discarding, setDiscarding] = useState(false)
  return (
    <header className="dictionary-head">
      <p className="dictionary-current" data-testid="in-force">
        <span className="version-tag version-current">{t('dictionary.state.inForce')}</span>
        <strong>{props.inForce}</strong>
        {current && (
          <span className="quiet">
            {current.publishedAt === null
              ? t('dictionary.head.first')
              : t('dictionary.head.since', {
                  time: dateTime(current.publishedAt),
                  who: personName(t, current.approvedBy),
                })}
          </span>
        )}
        {props.notCurrent && (
          <span className="list-not-current" role="alert">
            {t('worklist.notCurrent')}
          </span>
        )}
        <span className="space" />
        {!row && (
          <Button
            type="primary"
            onClick={() => actions.begin.mutate(null)}
            loading={actions.begin.isPending}
            data-testid="begin-draft"
          >
            {t('dictionary.head.begin')}
          </Button>
        )}
      </p>
      {row && (
        <div className="dictionary-draft" data-testid="draft" data-state={row.state}>
          <span className={`version-tag version-${row.state}`}>{t(`dictionary.state.${row.state}`)}</span>
          <strong>{row.version}</strong>
          <span className="quiet dictionary-writers" title={editorNames(row)}>
            {t('dictionary.head.writtenBy', { who: editorNames(row) })}
          </span>
          <input
            className="field-input dict-input dictionary-note"
            value={draft.copy?.history.present.note ?? row.note}
            onChange={(event) => {
              const note = event.target.value
              draft.tell({ kind: 'edit', mark: 'note', next: (work) => ({ ...work, note }) })
            }}
            placeholder={t('dictionary.head.note')}
            aria-label={t('dictionary.head.note')}
            maxLength={mostOfNote}
            disabled={!draft.copy || props.readOnly}
            data-testid="draft-note"
          />
          <SaveState draft={draft} onErrors={props.onErrors} />
          <span className="space" />
          <Button
            onClick={props.onUndo}
            disabled={!draft.copy || draft.copy.history.past.length === 0}
            title={t('dictionary.head.undoHint')}
            data-testid="undo"
          >
            {t('dictionary.head.undo')}
          </Button>
          <Button
            onClick={props.onRedo}
            disabled={!draft.copy || draft.copy.history.future.length === 0}
            title={t('dictionary.head.redoHint')}
            data-testid="redo"
          >
            {t('dictionary.head.redo')}
          </Button>
          <Button
            onClick={() => void draft.save()}
            disabled={!draft.unsaved || (draft.review?.errors ?? 0) > 0}
            loading={draft.saving}
            title="Ctrl+S"
            data-testid="save-draft"
          >
            {t('dictionary.head.save')}
          </Button>
          <Button danger onClick={() => setDiscarding(true)} data-testid="discard-draft">
            {t('dictionary.head.discard')}
          </Button>
          <Button
            type="primary"
            onClick={() => props.onPart(row.state === 'tested' ? 'approval' : 'dryRun')}
            data-testid="next-step"
          >
            {t(row.state === 'tested' ? 'dictionary.head.toApproval' : 'dictionary.head.toDryRun')}
          </Button>
        </div>
      )}
      {row && discarding && (
        <DiscardDialog row={row} onForget={draft.forget} onClose={() => setDiscarding(false)} />
      )}
    </header>
  )
}

function DiscardDialog(props: { row: DictionaryVersion; onForget: () => void; onClose: () => void }) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const queries = useQueryClient()
  return (
    <ActionDialog
      title={t('dictionary.head.discardTitle', { version: props.row.version })}
      submit={t('dictionary.head.discard')}
      danger
      run={async () => {
        await unwrap(bridge.dictionaryDiscardDraft())
        props.onForget()
        await queries.invalidateQueries({ queryKey: versionsKey })
      }}
      onDone={props.onClose}
      onClose={props.onClose}
    >
      <p className="dialog-text">{t('dictionary.head.discardText', { who: editorNames(props.row) })}</p>
    </ActionDialog>
  )
}
