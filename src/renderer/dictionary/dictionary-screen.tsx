import { Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DictionaryContent, DictionaryVersion } from '../../shared/api/dictionary.ts'
import { FailureNotice } from '../app/failure-notice.tsx'
import { useSession } from '../app/session.ts'
import { ComparePage } from './compare/compare-page.tsx'
import { changedEntry, redone, undone } from './draft/history.ts'
import { useDraft } from './draft/use-draft.ts'
import { useDraftActions } from './draft/use-draft-actions.ts'
import { useDraftKeys } from './draft/use-draft-keys.ts'
import { DryRunPage } from './dry-run/dry-run-page.tsx'
import { EntriesPage } from './entries/entries-page.tsx'
import { DraftNotices } from './header/draft-notices.tsx'
import { ReadOnlyNotice } from './header/read-only-notice.tsx'
import { VersionHeader } from './header/version-header.tsx'
import { RulesPage } from './rules/rules-page.tsx'
import { TransferButtons } from './transfer/transfer-buttons.tsx'
import { ApprovalPage } from './versions/approval-page.tsx'
import { useVersionContent } from './versions/version-queries.ts'
import { draftOf } from './versions/version-words.ts'
import { VersionsPage } from './versions/versions-page.tsx'

const parts = ['entries', 'rules', 'compare', 'dryRun', 'approval', 'versions'] as const
type Part = (typeof parts)[number]

interface DictionaryScreenProps {
  versions: DictionaryVersion[]
  inForce: string
  /** The last answer was a failure. */
  notCurrent: boolean
}

/** One dictionary at a time: the draft where there is one, what is in force otherwise, or a version that was asked for. */
export function DictionaryScreen({ versions, inForce, notCurrent }: DictionaryScreenProps) {
  const { t } = useTranslation()
  const [part, setPart] = useState<Part>('entries')
  const [viewing, setViewing] = useState<string | null>(null)
  const [selected, setSelected] = useState<number | null>(null)
  const [pair, setPair] = useState<readonly [string, string] | null>(null)
  const row = draftOf(versions)
  const draft = useDraft(row)
  const actions = useDraftActions()
  const revisionOf = (version: string) => versions.find((each) => each.version === version)?.revision ?? 0
  const forced = useVersionContent(inForce, revisionOf(inForce))
  const viewed = useVersionContent(viewing, viewing === null ? 0 : revisionOf(viewing))
  const present = draft.copy?.history.present
  const content = viewing !== null ? viewed.data?.content : row ? present?.content : forced.data?.content
  const { accountId } = useSession()
  const [joined, setJoined] = useState<string | null>(null)
  // Whoever writes at a draft cannot approve it: nobody becomes one of its writers by a slip.
  const mayJoin =
    row !== null && row.version !== joined && !row.editors.some((editor) => editor.accountId === accountId)
  const readOnly = viewing !== null || draft.copy === null || mayJoin
  const review = readOnly ? null : draft.review

  const edit = (next: (content: DictionaryContent) => DictionaryContent, mark: string | null) =>
    draft.tell({ kind: 'edit', mark, next: (work) => ({ ...work, content: next(work.content) }) })
  const step = (kind: 'undo' | 'redo') => {
    if (readOnly || !draft.copy || !present) return
    const { history } = draft.copy
    const after = (kind === 'undo' ? undone(history) : redone(history)).present
    const at = changedEntry(present.content, after.content)
    if (at !== null) setSelected(Math.min(at, after.content.entries.length - 1))
    draft.tell({ kind })
  }
  useDraftKeys({ undo: () => step('undo'), redo: () => step('redo'), save: () => void draft.save() })

  const view = (version: string) => {
    setViewing(version === row?.version || (row === null && version === inForce) ? null : version)
    setSelected(null)
    setPart('entries')
  }
  const compare = (from: string, to: string) => {
    setPair([from, to])
    setPart('compare')
  }
  const whyNot =
    review && review.errors > 0
      ? t('dictionary.save.invalid', { n: review.errors })
      : draft.unsaved
        ? t('dictionary.dryRun.unsaved')
        : null
  const failed = viewing !== null ? viewed : row ? null : forced
  const error = draft.error ?? failed?.error ?? null

  return (
    <div className="dictionary" data-testid="dictionary">
      <VersionHeader
        versions={versions}
        inForce={inForce}
        row={row}
        draft={draft}
        actions={actions}
        readOnly={mayJoin}
        notCurrent={notCurrent}
        onUndo={() => step('undo')}
        onRedo={() => step('redo')}
        onPart={setPart}
        onErrors={() => {
          const [first] = review?.faulty ?? []
          setViewing(null)
          setPart(first === undefined ? 'rules' : 'entries')
          if (first !== undefined) setSelected(first)
        }}
      />
      <DraftNotices draft={draft} row={row} onAside={() => compare('', row?.version ?? inForce)} />
      <ReadOnlyNotice
        othersDraft={mayJoin ? row : null}
        onJoin={() => setJoined(row?.version ?? null)}
        viewing={versions.find(({ version }) => version === viewing) ?? null}
        inForce={inForce}
        onEnd={() => setViewing(null)}
      />
      <div className="toolbar">
        <Segmented
          value={part}
          onChange={setPart}
          options={parts
            .filter((each) => each !== 'approval' || row !== null)
            .map((each) => ({ value: each, label: t(`dictionary.part.${each}`) }))}
          aria-label={t('areas.dictionary')}
          data-testid="dictionary-part"
        />
        <span className="space" />
        {content && (
          <TransferButtons
            content={content}
            version={viewing ?? row?.version ?? inForce}
            onTake={readOnly ? null : (next) => edit(() => next, null)}
          />
        )}
      </div>
      <div className="dictionary-body">
        {error && !content ? (
          <FailureNotice
            title={t('administration.failed')}
            thrown={error}
            onRetry={() => void (failed ?? forced).refetch()}
          />
        ) : !content ? (
          <div className="fill-message">{t('app.loading')}</div>
        ) : part === 'entries' ? (
          <EntriesPage
            key={viewing ?? 'now'}
            content={content}
            base={readOnly ? null : (forced.data?.content ?? null)}
            review={review}
            readOnly={readOnly}
            selected={selected}
            onSelect={setSelected}
            onEdit={edit}
          />
        ) : part === 'rules' ? (
          <RulesPage
            rules={content.rules}
            onChange={(rules, mark) => edit((now) => ({ ...now, rules }), mark && `rules.${mark}`)}
            disabled={readOnly}
            problems={review?.problems ?? []}
          />
        ) : part === 'compare' ? (
          <ComparePage
            key={pair?.join()}
            versions={versions}
            inForce={inForce}
            draft={row && present ? { version: row.version, content: present.content } : null}
            aside={draft.copy?.aside?.content ?? draft.orphan?.content ?? null}
            initial={pair ?? [inForce, row?.version ?? inForce]}
          />
        ) : part === 'dryRun' ? (
          <DryRunPage draft={row} whyNot={whyNot} />
        ) : part === 'approval' && row && present ? (
          <ApprovalPage
            draft={row}
            content={present.content}
            inForce={forced.data?.content ?? null}
            unsaved={draft.unsaved}
          />
        ) : (
          <VersionsPage
            versions={versions}
            inForce={inForce}
            onView={view}
            onCompare={compare}
            onBegin={
              row ? null : (from) => actions.begin.mutate(from, { onSuccess: () => setPart('entries') })
            }
          />
        )}
      </div>
    </div>
  )
}
