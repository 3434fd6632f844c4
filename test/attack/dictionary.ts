import { setTimeout as sleep } from 'node:timers/promises'
import type { Session } from './composed-gateway.ts'

/** A dry run of the draft, to its end. */
export async function tested(session: Session, revision: number): Promise<void> {
  const begun = await session.channel.call('beginDryRun', { body: { revision, months: 1 } })
  if (begun.status !== 200) throw new Error(begun.body.code)
  for (const end = Date.now() + 20_000; ; await sleep(50)) {
    const { state } = (await session.channel.call('dryRun')).body
    if (state === 'done') return
    if (state === 'failed' || Date.now() > end) throw new Error(`dry run ${state}`)
  }
}

/** A new version with these rules changed, written by one person and approved by another. */
export async function publish(editor: Session, approver: Session, rules: object, note = ''): Promise<void> {
  const draft = (await editor.channel.call('beginDictionaryDraft', { body: {} })).body
  const version = { params: { version: draft.version } }
  const { content } = (await editor.channel.call('dictionaryVersion', version)).body
  const body = {
    baseRevision: draft.revision,
    content: { ...content, rules: { ...content.rules, ...rules } },
    note,
  }
  const { revision } = (await editor.channel.call('saveDictionaryDraft', { body })).body
  await tested(editor, revision)
  const published = await approver.channel.call('publishDictionary', { body: { revision } })
  if (published.status !== 200) throw new Error(published.body.code)
}
