import defaultDictionary from '../../../../assets/dictionary/default.json' with { type: 'json' }
import { createDictionary } from '../../../../src/server/critical/dictionary/index.ts'
import type { Foundation } from '../../../../src/server/foundation.ts'
import { createDamageReports } from '../../../../src/server/integrity/index.ts'
import { createSignedCorpus } from '../../../../src/server/reports/index.ts'
import { DictionaryContent } from '../../../../src/shared/api/dictionary.ts'
import type { SessionEvent } from '../../../../src/shared/session/index.ts'

export const people = new Map([
  ['an', '安主任'],
  ['bo', '薄医师'],
])

/** The dictionary capability on a real store, as one gateway opens it; the handlers as somebody at a workstation calls them. */
export async function openDictionary(foundation: Foundation, starting: unknown = defaultDictionary) {
  const events: SessionEvent[] = []
  const damage = createDamageReports(foundation)
  const capability = await createDictionary(foundation, {
    announcements: { announce: (event) => events.push(event) },
    damage,
    starting,
    pastReports: createSignedCorpus(foundation, { damage }),
    displayNames: async () => people,
    restriction: async () => null,
  })
  const { handlers } = capability
  /** What the listener hands over: a validated request. */
  const as = (accountId: string) =>
    ({
      params: undefined,
      query: undefined,
      principal: {
        kind: 'session',
        sessionId: `session-${accountId}`,
        accountId,
        displayName: people.get(accountId) ?? '',
        roles: ['quality-manager'],
        workstationId: 'ws-1',
        factor: 'certificate',
        clearance: 'general',
        locked: false,
      },
      address: '127.0.0.1',
      signal: new AbortController().signal,
      socket: null,
    }) as never
  const call = <Name extends keyof typeof handlers>(
    who: string,
    name: Name,
    parts: object = {},
  ): ReturnType<(typeof handlers)[Name]> =>
    handlers[name]({ ...(as(who) as object), ...parts } as never) as ReturnType<(typeof handlers)[Name]>

  /** Waits for the dry run to come to its end. */
  async function dryRun(who: string, revision: number, months = 12) {
    await call(who, 'beginDryRun', { body: { revision, months } })
    for (;;) {
      const run = await call(who, 'dryRun')
      if (run.state !== 'running') return run
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }

  /** One draft by `an`, dry-run, approved by `bo`. */
  async function publish(content: DictionaryContent) {
    const draft = await call('an', 'beginDictionaryDraft', { body: {} })
    const { revision } = await call('an', 'saveDictionaryDraft', {
      body: { baseRevision: draft.revision, content, note: '' },
    })
    await dryRun('an', revision)
    return call('bo', 'publishDictionary', { body: { revision } })
  }

  return { ...capability, events, call, dryRun, publish }
}

/** The starting dictionary with the types of these codes alone. */
export function contentOf(...codes: string[]): DictionaryContent {
  const content = DictionaryContent.parse(defaultDictionary)
  return { ...content, entries: content.entries.filter(({ code }) => codes.includes(code)) }
}
