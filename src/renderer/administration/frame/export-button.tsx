import { useMutation } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { failureOf } from '../../../shared/errors/index.ts'
import type { IpcArgs } from '../../../shared/ipc/index.ts'
import { useFailureSentence } from '../../app/failure-notice.tsx'
import { usePermission } from '../../app/session.ts'
import { unwrap, useBridge, useClock } from '../../bridge/index.ts'
import type { Column } from '../../table/column.ts'
import { csvFileName, csvOf } from '../../table/csv.ts'

export type ExportTable = IpcArgs<'administration.export'>['table']

interface ExportButtonProps<Row> {
  table: ExportTable
  title: string
  /** As filtered and sorted: what the person sees is what the file holds. */
  rows: readonly Row[]
  columns: readonly Column<Row>[]
}

/** Writes a table as a file; the gateway records it first. */
export function ExportButton<Row>({ table, title, rows, columns }: ExportButtonProps<Row>) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const clock = useClock()
  const { message } = App.useApp()
  const sentence = useFailureSentence()
  const allowed = usePermission('table.export')
  const write = useMutation({
    mutationFn: () =>
      unwrap(
        bridge.administrationExport({
          table,
          rows: rows.length,
          fileName: csvFileName(title, clock()),
          text: csvOf(rows, columns),
        }),
      ),
    onSuccess: ({ path }) => {
      if (path === null) return
      void message.success({
        content: t('administration.list.exported', { count: rows.length, path }),
        duration: 8,
      })
    },
    onError: (thrown) => void message.error(sentence(failureOf(thrown))),
  })
  if (!allowed) return null
  return (
    <Button
      onClick={() => write.mutate()}
      loading={write.isPending}
      disabled={rows.length === 0}
      title={t('administration.list.exportHint')}
      data-testid="export"
    >
      {t('administration.list.export')}
    </Button>
  )
}
