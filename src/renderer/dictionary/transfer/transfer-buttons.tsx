import { Button } from 'antd'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DictionaryContent } from '../../../shared/api/dictionary.ts'
import { dictionaryOfRows, dictionaryRows } from '../../../shared/dictionary/index.ts'
import { usePermission } from '../../app/session.ts'
import {
  rowsOfFile,
  type SpreadsheetFormat,
  spreadsheetTypes,
  useListExport,
} from '../../spreadsheet/index.ts'
import { useLanguage } from '../language.ts'
import { ImportDialog, type ImportRead } from './import-dialog.tsx'

interface TransferButtonsProps {
  /** What is shown, and is exported. */
  content: DictionaryContent
  /** For the file's name. */
  version: string
  /** Null where nothing can be taken in: there is no draft. */
  onTake: ((content: DictionaryContent) => void) | null
}

/** The dictionary as a spreadsheet, out and in. */
export function TransferButtons({ content, version, onTake }: TransferButtonsProps) {
  const { t } = useTranslation()
  const language = useLanguage()
  const field = useRef<HTMLInputElement>(null)
  const [read, setRead] = useState<{ fileName: string; read: ImportRead } | null>(null)
  const write = useListExport()
  const mayExport = usePermission('report.search')
  const choose = async (file: File) => {
    setRead({ fileName: file.name, read: await readDictionary(file, content) })
  }
  const save = (format: SpreadsheetFormat) =>
    write.mutate({
      list: 'dictionary',
      format,
      title: `${t('areas.dictionary')}-${version}`,
      rows: dictionaryRows(content, language),
    })
  return (
    <>
      <input
        ref={field}
        type="file"
        accept={spreadsheetTypes}
        hidden
        onChange={(event) => {
          const file = event.target.files?.[0]
          event.target.value = ''
          if (file) void choose(file)
        }}
        data-testid="import-file"
      />
      <Button
        onClick={() => field.current?.click()}
        disabled={onTake === null}
        title={t(onTake === null ? 'dictionary.import.needsDraft' : 'dictionary.import.hint')}
        data-testid="import"
      >
        {t('dictionary.import.button')}
      </Button>
      {mayExport &&
        (['xlsx', 'csv'] as const).map((format) => (
          <Button
            key={format}
            onClick={() => save(format)}
            disabled={write.isPending}
            title={t('dictionary.export.hint')}
            data-testid={`export-${format}`}
          >
            {t(`dictionary.export.${format}`)}
          </Button>
        ))}
      {read && onTake && (
        <ImportDialog
          {...read}
          current={content}
          onTake={(next) => {
            onTake(next)
            setRead(null)
          }}
          onClose={() => setRead(null)}
        />
      )}
    </>
  )
}

async function readDictionary(file: File, base: DictionaryContent): Promise<ImportRead> {
  const found = await rowsOfFile(file)
  if ('problem' in found) return { kind: 'file', problem: found.problem }
  const texts = found.rows.map((row) => row.map((cell) => String(cell ?? '')))
  const table = dictionaryOfRows(texts, base)
  return table.ok
    ? { kind: 'content', content: table.content }
    : { kind: 'problems', problems: table.problems }
}
