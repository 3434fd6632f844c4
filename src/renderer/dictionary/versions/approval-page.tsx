import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DictionaryContent, DictionaryVersion } from '../../../shared/api/dictionary.ts'
import { ActionDialog } from '../../administration/index.ts'
import { useSession } from '../../app/session.ts'
import { unwrap, useBridge } from '../../bridge/index.ts'
import { dateTime } from '../../i18n/index.ts'
import { DiffView } from '../compare/diff-view.tsx'
import { DryRunSummary } from '../dry-run/dry-run-result.tsx'
import { useDryRun } from '../dry-run/use-dry-run.ts'
import { editorNames } from './version-words.ts'

interface ApprovalPageProps {
  draft: DictionaryVersion
  content: DictionaryContent
  inForce: DictionaryContent | null
  /** Edits in this window that the gateway does not have. */
  unsaved: boolean
}

/** All that somebody needs who answers for it: who wrote it, what it changes, and what it would have done. */
export function ApprovalPage({ draft, content, inForce, unsaved }: ApprovalPageProps) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const queries = useQueryClient()
  const { accountId } = useSession()
  const { last } = useDryRun()
  const [asking, setAsking] = useState(false)
  const wroteIt = draft.editors.some((editor) => editor.accountId === accountId)
  const tested = draft.state === 'tested'
  const run = last.data?.revision === draft.revision && last.data.state === 'done' ? last.data : null
  const conditions = [
    [!unsaved, t('dictionary.approval.saved')],
    [
      tested,
      tested
        ? t('dictionary.approval.tested', {
            who: draft.testedBy,
            time: draft.testedAt === null ? '' : dateTime(draft.testedAt),
          })
        : t('dictionary.approval.untested'),
    ],
    [!wroteIt, t(wroteIt ? 'dictionary.approval.yourOwn' : 'dictionary.approval.second')],
  ] as const
  const ready = conditions.every(([met]) => met)
  return (
    <div className="approval-page" data-testid="approval">
      <section className="approval-head">
        <h2>{t('dictionary.approval.title', { version: draft.version })}</h2>
        <p>
          {t('dictionary.approval.written', {
            who: editorNames(draft),
            time: dateTime(draft.changedAt),
            base: draft.base,
          })}
        </p>
        <p className="approval-note">{draft.note || t('dictionary.approval.noNote')}</p>
        <ul className="approval-conditions" data-testid="approval-conditions">
          {conditions.map(([met, words]) => (
            <li key={words} data-met={met} className={met ? 'state-ok' : 'state-warn'}>
              <span aria-hidden="true">{met ? '✓' : '✗'}</span> {words}
            </li>
          ))}
        </ul>
        <Button type="primary" disabled={!ready} onClick={() => setAsking(true)} data-testid="approve">
          {t('dictionary.approval.approve')}
        </Button>
      </section>
      <section className="approval-part">
        <h2>{t('dictionary.part.dryRun')}</h2>
        {run ? <DryRunSummary run={run} /> : <p className="quiet">{t('dictionary.approval.untested')}</p>}
        {run && <TypeChanges run={run} />}
      </section>
      <section className="approval-part">
        <h2>{t('dictionary.approval.changes')}</h2>
        {inForce ? (
          <DiffView before={inForce} after={content} />
        ) : (
          <div className="fill-message">{t('app.loading')}</div>
        )}
      </section>
      {asking && (
        <ActionDialog
          title={t('dictionary.approval.confirmTitle', { version: draft.version })}
          submit={t('dictionary.approval.approve')}
          run={() => unwrap(bridge.dictionaryPublish({ revision: draft.revision }))}
          done={t('dictionary.approval.done', { version: draft.version })}
          onClose={() => {
            setAsking(false)
            void queries.invalidateQueries({ queryKey: ['dictionary'] })
          }}
        >
          <p className="dialog-text">{t('dictionary.approval.confirmText')}</p>
        </ActionDialog>
      )}
    </div>
  )
}

function TypeChanges({ run }: { run: NonNullable<ReturnType<typeof useDryRun>['last']['data']> }) {
  const { t } = useTranslation()
  const changed = run.byType.filter(({ before, after }) => before !== after)
  if (changed.length === 0) return <p className="quiet">{t('dictionary.dryRun.noTypes')}</p>
  return (
    <ul className="approval-types">
      {changed.map(({ type, typeName, before, after }) => (
        <li key={type}>
          {typeName}{' '}
          <span className="number">
            {before} → {after}
          </span>
        </li>
      ))}
    </ul>
  )
}
