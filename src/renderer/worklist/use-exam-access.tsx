import { App } from 'antd'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { failureOf } from '../../shared/errors/index.ts'
import type { WorklistRow } from '../../shared/worklist/index.ts'
import { GlassDialog } from '../access/glass-dialog.tsx'
import { useFailureSentence } from '../app/failure-notice.tsx'
import { usePermission } from '../app/session.ts'
import { unwrap, useBridge } from '../bridge/index.ts'
import { ClaimedDialog } from './claimed-dialog.tsx'
import { LabelDialog } from './label-dialog.tsx'

/** An exam with images: what can be opened, claimed and labelled. */
export type ImagedRow = WorklistRow & { studyInstanceUid: string }

interface ExamAccessParts {
  /** With whose claim it is opened, where it is to be looked at only. */
  onOpen: (study: string, readOnly: WorklistRow['claimedBy']) => void
  /** Something about an exam is another than it was. */
  onChanged: () => void
}

type Asking =
  | { kind: 'glass'; row: ImagedRow }
  | { kind: 'label'; row: ImagedRow }
  | { kind: 'claimed'; row: ImagedRow; opens: boolean }

/** What stands between a person and an exam: a label above their clearance, another's claim, images that have not come. */
export function useExamAccess({ onOpen, onChanged }: ExamAccessParts) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const { message } = App.useApp()
  const sentence = useFailureSentence()
  const writes = usePermission('report.write')
  const breaksGlass = usePermission('study.break-glass')
  const [asking, setAsking] = useState<Asking | null>(null)
  const close = () => setAsking(null)

  /** Runs with the exam where it has images; says why not otherwise. */
  const imaged = (act: (row: ImagedRow) => void) => (row: WorklistRow) => {
    if (row.studyInstanceUid !== null) return act(row as ImagedRow)
    void message.info({ content: t('worklist.noImages'), key: 'no-images' })
  }

  const pass = (row: ImagedRow) => {
    const others = row.claimedBy !== null && !row.claimedBy.own
    if (others && writes) return setAsking({ kind: 'claimed', row, opens: true })
    onOpen(row.studyInstanceUid, null)
  }
  const open = imaged((row) => {
    if (!row.masked) return pass(row)
    if (breaksGlass) return setAsking({ kind: 'glass', row })
    void message.error(sentence({ code: 'study-restricted' }))
  })

  async function claim(row: ImagedRow, takeOver: boolean): Promise<boolean> {
    try {
      await unwrap(bridge.studyClaim({ study: row.studyInstanceUid, takeOver }))
      onChanged()
      return true
    } catch (thrown) {
      void message.error(sentence(failureOf(thrown)))
      onChanged()
      return false
    }
  }
  async function release(row: ImagedRow): Promise<void> {
    try {
      await unwrap(bridge.studyRelease({ study: row.studyInstanceUid }))
    } catch (thrown) {
      void message.error(sentence(failureOf(thrown)))
    }
    onChanged()
  }
  const claimOrRelease = imaged((row) => {
    if (row.masked) return void message.error(sentence({ code: 'study-restricted' }))
    if (row.claimedBy?.own) return void release(row)
    if (row.claimedBy) return setAsking({ kind: 'claimed', row, opens: false })
    if (row.reportStatus === 'signed') return void message.info(t('worklistRoom.claimSigned'))
    void claim(row, false)
  })

  let dialog: ReactNode = null
  if (asking?.kind === 'glass') {
    dialog = (
      <GlassDialog
        study={asking.row.studyInstanceUid}
        accessionNumber={asking.row.accessionNumber}
        onBroken={() => {
          close()
          onChanged()
          pass(asking.row)
        }}
        onClose={close}
      />
    )
  } else if (asking?.kind === 'label') {
    dialog = (
      <LabelDialog
        row={asking.row}
        onLabelled={() => {
          close()
          onChanged()
        }}
        onClose={close}
      />
    )
  } else if (asking?.kind === 'claimed') {
    dialog = (
      <ClaimedDialog
        row={asking.row}
        onRead={
          asking.opens
            ? () => {
                close()
                onOpen(asking.row.studyInstanceUid, asking.row.claimedBy)
              }
            : null
        }
        onTakeOver={async () => {
          const taken = await claim(asking.row, true)
          close()
          if (taken && asking.opens) onOpen(asking.row.studyInstanceUid, null)
        }}
        onClose={close}
      />
    )
  }
  return { open, claimOrRelease, label: imaged((row) => setAsking({ kind: 'label', row })), dialog }
}
