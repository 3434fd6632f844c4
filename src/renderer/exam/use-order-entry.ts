import { App } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { failureOf } from '../../shared/errors/index.ts'
import type { WorklistRow } from '../../shared/worklist/index.ts'
import { useFailureSentence } from '../app/failure-notice.tsx'
import { unwrap, useBridge } from '../bridge/index.ts'

interface OpenEntry {
  row: WorklistRow | null
  birthDate: string
}

/**
 * The dialog of a typed-in order: for images (their birth date is looked up first, the list does not have it), for none,
 * or to correct one that was typed in.
 */
export function useOrderEntry(onChanged: () => void) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const { message } = App.useApp()
  const sentence = useFailureSentence()
  const [open, setOpen] = useState<OpenEntry | null>(null)

  async function begin(row: WorklistRow | null): Promise<void> {
    if (!row?.studyInstanceUid || row.typedOrder) return setOpen({ row, birthDate: '' })
    try {
      const { study } = await unwrap(bridge.studyOpen({ study: row.studyInstanceUid }))
      setOpen({ row, birthDate: study.patientBirthDate })
    } catch (thrown) {
      void message.error(sentence(failureOf(thrown)))
    }
  }

  return {
    open,
    begin: (row: WorklistRow | null) => void begin(row),
    close: () => setOpen(null),
    entered: () => {
      setOpen(null)
      onChanged()
      void message.success(t(open?.row?.typedOrder ? 'order.corrected' : 'order.done'))
    },
  }
}
