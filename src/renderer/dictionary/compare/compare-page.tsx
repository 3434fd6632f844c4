import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DictionaryContent, DictionaryVersion } from '../../../shared/api/dictionary.ts'
import { FailureNotice } from '../../app/failure-notice.tsx'
import { ChoiceField } from '../fields/field.tsx'
import { useVersionContent } from '../versions/version-queries.ts'
import { versionName } from '../versions/version-words.ts'
import { DiffView } from './diff-view.tsx'

interface ComparePageProps {
  versions: readonly DictionaryVersion[]
  inForce: string
  /** The draft as it is written here, saved or not. */
  draft: { version: string; content: DictionaryContent } | null
  /** Edits that were put aside: to be compared as if they were a version. */
  aside: DictionaryContent | null
  /** What is asked for from outside: from, to. */
  initial: readonly [from: string, to: string]
}

/** No version is called so. */
const asideName = ''

/** Any two versions against each other; at first the draft against what is in force. */
export function ComparePage({ versions, inForce, draft, aside, initial }: ComparePageProps) {
  const { t } = useTranslation()
  const [[from, to], setPair] = useState(initial)
  const here = new Map<string, DictionaryContent>()
  if (draft) here.set(draft.version, draft.content)
  if (aside) here.set(asideName, aside)
  const [before, after] = [useEither(from, versions, here), useEither(to, versions, here)]
  const choices = [
    ...(aside ? [[asideName, t('dictionary.diff.aside')] as const] : []),
    ...versions.map((row) => [row.version, versionName(t, row, inForce)] as const),
  ]
  const failed = before.error ?? after.error
  return (
    <div className="compare-page" data-testid="compare">
      <div className="compare-bar">
        <ChoiceField
          label={t('dictionary.diff.from')}
          value={from}
          onChange={(version) => setPair([version, to])}
          choices={choices}
          testId="compare-from"
        />
        <span aria-hidden="true">→</span>
        <ChoiceField
          label={t('dictionary.diff.to')}
          value={to}
          onChange={(version) => setPair([from, version])}
          choices={choices}
          testId="compare-to"
        />
      </div>
      <div className="compare-body">
        {failed ? (
          <FailureNotice
            title={t('administration.failed')}
            thrown={failed}
            onRetry={() => {
              before.retry()
              after.retry()
            }}
          />
        ) : before.content && after.content ? (
          <DiffView before={before.content} after={after.content} />
        ) : (
          <div className="fill-message">{t('app.loading')}</div>
        )}
      </div>
    </div>
  )
}

function useEither(
  version: string,
  versions: readonly DictionaryVersion[],
  here: ReadonlyMap<string, DictionaryContent>,
) {
  const own = here.get(version) ?? null
  const row = versions.find((each) => each.version === version)
  const asked = useVersionContent(own === null ? version : null, row?.revision ?? 0)
  return {
    content: own ?? asked.data?.content ?? null,
    error: own === null ? asked.error : null,
    retry: () => void asked.refetch(),
  }
}
