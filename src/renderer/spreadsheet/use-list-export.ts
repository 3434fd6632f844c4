import { useMutation } from '@tanstack/react-query'
import { App } from 'antd'
import { useTranslation } from 'react-i18next'
import { failureOf } from '../../shared/errors/index.ts'
import type { IpcArgs } from '../../shared/ipc/index.ts'
import { useFailureSentence } from '../app/failure-notice.tsx'
import { unwrap, useBridge, useClock } from '../bridge/index.ts'
import { fileOfRows, spreadsheetName } from './file.ts'
import type { Rows } from './rows.ts'

type ExportArgs = IpcArgs<'retrospect.export'>

/** One list as one file. The first row of `rows` is the head and does not count; a PDF shows the page and counts `rows`. */
export interface ListFile {
  list: ExportArgs['list']
  format: ExportArgs['format']
  title: string
  rows: Rows
}

/** Writes a list as a file of the user's choosing, and says where it is; the gateway records it first. */
export function useListExport() {
  const { t } = useTranslation()
  const bridge = useBridge()
  const clock = useClock()
  const { message } = App.useApp()
  const sentence = useFailureSentence()
  return useMutation({
    mutationFn: async ({ list, format, title, rows }: ListFile) => {
      const count = Math.max(0, rows.length - 1)
      const fileName = spreadsheetName(title, format, clock())
      const content = format === 'pdf' ? undefined : await fileOfRows(format, title, rows)
      const args = { list, format, rows: count, fileName, ...(content !== undefined && { content }) }
      return { count, ...(await unwrap(bridge.retrospectExport(args))) }
    },
    onSuccess: ({ path, count }) => {
      if (path === null) return
      void message.success({ content: t('administration.list.exported', { count, path }), duration: 8 })
    },
    onError: (thrown) => void message.error(sentence(failureOf(thrown))),
  })
}
