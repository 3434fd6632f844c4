import type { DictionaryEntry } from '../../../shared/critical/model.ts'
import { LevelTag } from '../../alerts/level-tag.tsx'
import type { Translate } from '../../i18n/index.ts'
import type { Column } from '../../table/column.ts'
import { scopeText } from './entry-words.ts'

/** An entry with its place in the dictionary: its code may be changed. */
export interface EntryRow {
  entry: DictionaryEntry
  index: number
}

export interface RowMarks {
  faulty: ReadonlySet<number>
  /** Codes that say something else than what is in force. */
  changed: ReadonlySet<string>
}

const order = { red: 0, orange: 1, yellow: 2 }

/** The marks are looked up when a row is drawn: columns must keep their identity while somebody types. */
export function entryColumns(t: Translate, marks: () => RowMarks): Column<EntryRow>[] {
  return [
    {
      key: 'mark',
      title: '',
      width: 32,
      render: ({ entry, index }) => {
        const { faulty, changed } = marks()
        if (faulty.has(index))
          return (
            <span className="mark-faulty" title={t('dictionary.list.faulty')}>
              ！
            </span>
          )
        return changed.has(entry.code) ? (
          <span className="mark-changed" title={t('dictionary.list.changed')}>
            ●
          </span>
        ) : null
      },
    },
    {
      key: 'level',
      title: t('dictionary.entry.level'),
      width: 76,
      render: ({ entry }) => <LevelTag level={entry.level} />,
      order: ({ entry }) => order[entry.level],
    },
    {
      key: 'name',
      title: t('dictionary.entry.nameZh'),
      width: 150,
      grow: 2,
      render: ({ entry }) => (
        <strong title={`${entry.nameZh}\n${entry.nameEn}\n${entry.code}`}>
          {entry.nameZh || t('dictionary.entry.unnamed')}
        </strong>
      ),
      text: ({ entry }) => `${entry.nameZh} ${entry.nameEn} ${entry.code}`,
    },
    {
      key: 'terms',
      title: t('dictionary.term.title'),
      width: 64,
      render: ({ entry }) => (
        <span className="number" title={entry.terms.map(({ text }) => text).join('\n')}>
          {entry.terms.length}
        </span>
      ),
      text: ({ entry }) => entry.terms.map(({ text }) => text).join('\n'),
      order: ({ entry }) => entry.terms.length,
    },
    {
      key: 'scope',
      title: t('dictionary.entry.scope'),
      width: 80,
      grow: 1,
      render: ({ entry }) => {
        const text = scopeText(t, entry)
        return <span title={text}>{text}</span>
      },
      text: ({ entry }) => scopeText(t, entry),
    },
  ]
}
