import { Button } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DictionaryVersion } from '../../../shared/api/dictionary.ts'
import { dateTime, type Translate } from '../../i18n/index.ts'
import type { Column } from '../../table/column.ts'
import { DataTable } from '../../table/data-table.tsx'
import { useTableView } from '../../table/use-table-view.ts'
import { editorNames, personName, stateName } from './version-words.ts'

interface VersionsPageProps {
  versions: readonly DictionaryVersion[]
  inForce: string
  onView: (version: string) => void
  onCompare: (from: string, to: string) => void
  /** Null while there is a draft: there is one at a time. */
  onBegin: ((from: string) => void) | null
}

/** Every version: who wrote it, who approved it, when, and what it was for. */
export function VersionsPage(props: VersionsPageProps) {
  const { versions, inForce } = props
  const { t } = useTranslation()
  const columns = useMemo(() => versionColumns(t, inForce), [t, inForce])
  const view = useTableView(versions, columns)
  const [selected, setSelected] = useState<string | null>(inForce)
  const row = versions.find(({ version }) => version === selected)
  return (
    <div className="versions-page" data-testid="versions">
      <div className="versions-table">
        <DataTable
          label={t('dictionary.part.versions')}
          rows={view.rows}
          columns={columns}
          rowKey={({ version }) => version}
          selected={selected}
          onSelect={setSelected}
          onOpen={({ version }) => props.onView(version)}
          sort={view.sort}
          onSort={view.onSort}
          attributes={({ version }) => ({ 'data-testid': 'version-row', 'data-version': version })}
          empty={<div className="fill-message">{t('administration.list.empty')}</div>}
          testId="versions-table"
          focusOnMount
        />
      </div>
      <footer className="versions-foot">
        {row && (
          <>
            <strong>{row.version}</strong>
            <span>{stateName(t, row, inForce)}</span>
            <span className="quiet versions-note" title={row.note}>
              {row.note}
            </span>
            <span className="space" />
            <Button onClick={() => props.onView(row.version)} data-testid="version-view">
              {t('dictionary.versions.view')}
            </Button>
            <Button
              onClick={() => props.onCompare(row.base || inForce, row.version)}
              disabled={row.base === ''}
              data-testid="version-compare-base"
            >
              {t('dictionary.versions.compareBase', { base: row.base })}
            </Button>
            <Button
              onClick={() => props.onCompare(row.version, inForce)}
              disabled={row.version === inForce}
              data-testid="version-compare"
            >
              {t('dictionary.versions.compareInForce')}
            </Button>
            <Button
              onClick={() => props.onBegin?.(row.version)}
              disabled={props.onBegin === null}
              title={props.onBegin === null ? t('dictionary.versions.oneDraft') : undefined}
              data-testid="version-begin"
            >
              {t('dictionary.versions.begin')}
            </Button>
          </>
        )}
      </footer>
    </div>
  )
}

function versionColumns(t: Translate, inForce: string): Column<DictionaryVersion>[] {
  const text = (
    key: string,
    title: string,
    width: number,
    of: (row: DictionaryVersion) => string,
    grow = 0,
  ): Column<DictionaryVersion> => ({
    key,
    title,
    width,
    grow,
    render: (row) => <span title={of(row)}>{of(row)}</span>,
    text: of,
  })
  const time = (
    key: string,
    title: string,
    of: (row: DictionaryVersion) => number | null,
  ): Column<DictionaryVersion> => ({
    key,
    title,
    width: 152,
    render: (row) => {
      const at = of(row)
      return <span className="number">{at === null ? '' : dateTime(at)}</span>
    },
    order: of,
  })
  return [
    text('version', t('dictionary.versions.version'), 120, ({ version }) => version),
    text('state', t('dictionary.versions.state'), 88, (row) => stateName(t, row, inForce)),
    text('note', t('dictionary.versions.note'), 160, ({ note }) => note, 2),
    text('editors', t('dictionary.versions.editors'), 112, editorNames, 1),
    time('changed', t('dictionary.versions.changedAt'), ({ changedAt }) => changedAt),
    text('approved', t('dictionary.versions.approvedBy'), 96, ({ approvedBy, publishedAt }) =>
      publishedAt === null ? '' : personName(t, approvedBy),
    ),
    time('published', t('dictionary.versions.publishedAt'), ({ publishedAt }) => publishedAt),
    text('size', t('dictionary.versions.size'), 104, ({ entries, terms }) =>
      t('dictionary.versions.sizeText', { entries, terms }),
    ),
  ]
}
