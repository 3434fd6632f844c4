import { Button } from 'antd'
import { useDeferredValue, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DictionaryContent } from '../../../shared/api/dictionary.ts'
import type { CriticalLevel, DictionaryEntry } from '../../../shared/critical/model.ts'
import { diffDictionaries } from '../../../shared/dictionary/index.ts'
import { problemsAt, type Review } from '../draft/mistakes.ts'
import { removed, replaced } from '../fields/put.ts'
import { SentenceBox } from '../sentence/sentence-box.tsx'
import { EntryEditor } from './entry-editor.tsx'
import { EntryList } from './entry-list.tsx'
import { duplicateOf, newEntry } from './term.ts'

interface EntriesPageProps {
  content: DictionaryContent
  /** What the draft is compared with; null where the content is not a draft. */
  base: DictionaryContent | null
  review: Review | null
  readOnly: boolean
  selected: number | null
  onSelect: (index: number | null) => void
  onEdit: (next: (content: DictionaryContent) => DictionaryContent, mark: string | null) => void
}

const nothing: ReadonlySet<never> = new Set()

/** The types on the left, the selected one in full on the right, and below a sentence to try them on. */
export function EntriesPage(props: EntriesPageProps) {
  const { content, review, readOnly, selected, onSelect, onEdit } = props
  const { t } = useTranslation()
  const page = useRef<HTMLDivElement>(null)
  const [level, setLevel] = useState<CriticalLevel | ''>('')
  const [fresh, setFresh] = useState<string | null>(null)
  const changed = useChangedCodes(props.base, content)
  const { entries } = content
  const entry = selected === null ? undefined : entries[selected]
  const problems = useMemo(
    () => (review && selected !== null ? problemsAt(review, selected) : new Map()),
    [review, selected],
  )
  const setEntries = (
    next: (entries: readonly DictionaryEntry[]) => DictionaryEntry[],
    mark: string | null,
  ) => onEdit((now) => ({ ...now, entries: next(now.entries) }), mark)
  const add = (made: DictionaryEntry, after: number) => {
    setEntries((now) => [...now.slice(0, after + 1), made, ...now.slice(after + 1)], null)
    setLevel('')
    setFresh(made.code)
    onSelect(after + 1)
  }
  return (
    <div className="entries-page" ref={page}>
      <div className="entries-columns">
        <EntryList
          entries={entries}
          marks={{ faulty: review?.faulty ?? nothing, changed }}
          selected={selected}
          onSelect={onSelect}
          onOpen={() => page.current?.querySelector<HTMLElement>('.entry-editor input')?.focus()}
          level={level}
          onLevel={setLevel}
          actions={
            !readOnly && (
              <Button
                size="small"
                onClick={() => add(newEntry(entries), entries.length - 1)}
                data-testid="add-entry"
              >
                {t('dictionary.entry.add')}
              </Button>
            )
          }
        />
        {entry && selected !== null ? (
          <EntryEditor
            key={selected}
            entry={entry}
            problems={problems}
            disabled={readOnly}
            fresh={fresh === entry.code}
            onChange={(next, mark) =>
              setEntries((now) => replaced(now, selected, next), mark && `entries.${selected}.${mark}`)
            }
            onDuplicate={() => add(duplicateOf(entry, entries), selected)}
            onRemove={() => {
              setEntries((now) => removed(now, selected), null)
              onSelect(entries.length === 1 ? null : Math.min(selected, entries.length - 2))
            }}
          />
        ) : (
          <div className="fill-message entry-none">{t('dictionary.entry.choose')}</div>
        )}
      </div>
      <SentenceBox entries={entries} />
    </div>
  )
}

/** A moment behind the typing: it looks at every entry. */
function useChangedCodes(base: DictionaryContent | null, content: DictionaryContent): ReadonlySet<string> {
  const looked = useDeferredValue(content)
  return useMemo(() => {
    if (!base) return nothing
    const { added, changed } = diffDictionaries(base, looked)
    return new Set([...added, ...changed].map(({ code }) => code))
  }, [base, looked])
}
