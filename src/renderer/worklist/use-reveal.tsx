import { type ReactNode, useState } from 'react'
import type { WorklistRow } from '../../shared/worklist/index.ts'
import { RevealDialog } from '../access/reveal-dialog.tsx'
import { usePermission } from '../app/session.ts'
import { useAction, useKeyHint } from '../keys/keys-provider.tsx'

/** 显示完整身份: by the eye in a masked row, or by its key on the selected one. */
export function useReveal(current: () => WorklistRow | null | undefined): {
  /** Null for who may not. */
  onReveal: ((row: WorklistRow) => void) | null
  hint: string
  dialog: ReactNode
} {
  const allowed = usePermission('identity.reveal')
  const [row, setRow] = useState<WorklistRow | null>(null)
  const hint = useKeyHint('list.reveal')
  useAction(
    'list.reveal',
    () => {
      const selected = current()
      if (selected) setRow(selected)
    },
    allowed,
  )
  return {
    onReveal: allowed ? setRow : null,
    hint,
    dialog: row && <RevealDialog exam={row} onClose={() => setRow(null)} />,
  }
}
