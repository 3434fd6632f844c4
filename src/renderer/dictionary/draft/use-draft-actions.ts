import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import { failureOf } from '../../../shared/errors/index.ts'
import { useFailureSentence } from '../../app/failure-notice.tsx'
import { unwrap, useBridge } from '../../bridge/index.ts'
import { versionsKey } from '../versions/version-queries.ts'

/** Begins a draft. */
export function useDraftActions() {
  const bridge = useBridge()
  const queries = useQueryClient()
  const { message } = App.useApp()
  const sentence = useFailureSentence()
  const begin = useMutation({
    mutationFn: (from: string | null) => unwrap(bridge.dictionaryBeginDraft(from === null ? {} : { from })),
    // After a failure too: somebody else may have been faster.
    onSettled: () => queries.invalidateQueries({ queryKey: versionsKey }),
    onError: (thrown) => void message.error(sentence(failureOf(thrown))),
  })
  return { begin }
}

export type DraftActions = ReturnType<typeof useDraftActions>
