import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import { failureOf } from '../../../shared/errors/index.ts'
import type { IpcAnswer } from '../../../shared/ipc/index.ts'
import { unwrap } from '../../bridge/index.ts'
import { administrationKey } from './listing.ts'
import { useOfficerSentence } from './officer-sentence.ts'

/** Begins long work by a button, and reads again how it stands, whether it began or not. */
export function useBeginning<Args>(begin: (args: Args) => Promise<IpcAnswer<unknown>>, begun: string) {
  const queries = useQueryClient()
  const { message } = App.useApp()
  const sentence = useOfficerSentence()
  return useMutation({
    mutationFn: (args: Args) => unwrap(begin(args)),
    onSuccess: () => void message.success(begun),
    onError: (thrown) => void message.error(sentence(failureOf(thrown))),
    onSettled: () => void queries.invalidateQueries({ queryKey: [administrationKey] }),
  })
}
