import { Button } from 'antd'
import { type ReactNode, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DictionaryContent } from '../../../shared/api/dictionary.ts'
import type { DictionaryEntry } from '../../../shared/critical/model.ts'
import {
  columnHeading,
  type DictionaryDiff,
  diffDictionaries,
  type EntryChange,
  isSameDictionary,
} from '../../../shared/dictionary/index.ts'
import { LevelTag } from '../../alerts/level-tag.tsx'
import { useLanguage } from '../language.ts'
import { isTold, ruleName, ruleValue } from '../rules/rule-words.ts'

/** Entries that are drawn at first; a first import changes thousands. */
const step = 100

/** What makes `after` another dictionary than `before`, type by type; with signs, not by colour alone. */
export function DiffView({ before, after }: { before: DictionaryContent; after: DictionaryContent }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const diff = useMemo(() => diffDictionaries(before, after, language), [before, after, language])
  if (isSameDictionary(diff)) {
    return (
      <p className="quiet diff-same" data-testid="diff-same">
        {t('dictionary.diff.same')}
      </p>
    )
  }
  return (
    <div className="diff" data-testid="diff">
      <DiffCounts diff={diff} />
      <Group title={t('dictionary.diff.added')} items={diff.added}>
        {(entry) => <WholeEntry key={entry.code} entry={entry} sign="+" />}
      </Group>
      <Group title={t('dictionary.diff.removed')} items={diff.removed}>
        {(entry) => <WholeEntry key={entry.code} entry={entry} sign="−" />}
      </Group>
      <Group title={t('dictionary.diff.changed')} items={diff.changed}>
        {(change) => <ChangedEntry key={change.code} change={change} />}
      </Group>
      <Group title={t('dictionary.diff.rules')} items={diff.rules.filter(isTold)}>
        {(change) => (
          <FieldLine
            key={change.path}
            name={ruleName(t, change.path)}
            before={ruleValue(t, change.path, change.before)}
            after={ruleValue(t, change.path, change.after)}
          />
        )}
      </Group>
    </div>
  )
}

/** +3 −1 ~5 · rules 2 */
export function DiffCounts({ diff }: { diff: DictionaryDiff }) {
  const { t } = useTranslation()
  const terms = diff.changed.reduce(
    (sum, { terms: { added, removed } }) => ({
      added: sum.added + added.length,
      removed: sum.removed + removed.length,
    }),
    { added: 0, removed: 0 },
  )
  return (
    <p className="diff-counts" data-testid="diff-counts">
      {t('dictionary.diff.counts', {
        added: diff.added.length,
        removed: diff.removed.length,
        changed: diff.changed.length,
        termsAdded: terms.added,
        termsRemoved: terms.removed,
        rules: diff.rules.filter(isTold).length,
      })}
    </p>
  )
}

function Group<Item>(props: { title: string; items: readonly Item[]; children: (item: Item) => ReactNode }) {
  const { t } = useTranslation()
  const [most, setMost] = useState(step)
  if (props.items.length === 0) return null
  return (
    <section className="diff-group">
      <h3>
        {props.title} <span className="quiet number">{props.items.length}</span>
      </h3>
      {props.items.slice(0, most).map(props.children)}
      {props.items.length > most && (
        <Button size="small" onClick={() => setMost(most + 10 * step)}>
          {t('dictionary.diff.more', { n: props.items.length - most })}
        </Button>
      )}
    </section>
  )
}

function WholeEntry({ entry, sign }: { entry: DictionaryEntry; sign: '+' | '−' }) {
  return (
    <article className="diff-entry" data-testid="diff-entry" data-sign={sign}>
      <header>
        <Sign sign={sign} />
        <LevelTag level={entry.level} />
        <strong>{entry.nameZh}</strong>
        <span className="quiet">{entry.code}</span>
      </header>
      <TermsLine sign={sign} texts={entry.terms.map(({ text }) => text)} />
    </article>
  )
}

function ChangedEntry({ change }: { change: EntryChange }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const { terms } = change
  return (
    <article className="diff-entry" data-testid="diff-entry" data-sign="~">
      <header>
        <Sign sign="~" />
        <strong>{change.nameZh}</strong>
        <span className="quiet">{change.code}</span>
      </header>
      {change.fields.map(({ column, before, after }) => (
        <FieldLine key={column} name={columnHeading(column, language)} before={before} after={after} />
      ))}
      <TermsLine sign="+" texts={terms.added.map(({ text }) => text)} />
      <TermsLine sign="−" texts={terms.removed.map(({ text }) => text)} />
      {terms.changed.flatMap((term) =>
        term.fields.map(({ column, before, after }) => (
          <FieldLine
            key={`${term.language} ${term.text} ${column}`}
            name={t('dictionary.diff.termField', { term: term.text, field: columnHeading(column, language) })}
            before={before}
            after={after}
          />
        )),
      )}
    </article>
  )
}

function Sign({ sign }: { sign: '+' | '−' | '~' }) {
  const { t } = useTranslation()
  const name = sign === '+' ? 'added' : sign === '−' ? 'removed' : 'changed'
  return (
    <span className={`diff-sign diff-${name}`} role="img" aria-label={t(`dictionary.diff.${name}`)}>
      {sign}
    </span>
  )
}

function TermsLine({ sign, texts }: { sign: '+' | '−'; texts: readonly string[] }) {
  if (texts.length === 0) return null
  return (
    <p className="diff-line">
      <Sign sign={sign} />
      <span className={sign === '+' ? 'diff-added' : 'diff-removed'}>{texts.join('、')}</span>
    </p>
  )
}

function FieldLine({ name, before, after }: { name: string; before: string; after: string }) {
  const { t } = useTranslation()
  const shown = (value: string) => value || t('dictionary.diff.nothing')
  return (
    <p className="diff-line" data-testid="diff-line">
      <Sign sign="~" />
      <span className="quiet">{name}</span>
      <del className="diff-removed">{shown(before)}</del>
      <span aria-hidden="true">→</span>
      <ins className="diff-added">{shown(after)}</ins>
    </p>
  )
}
