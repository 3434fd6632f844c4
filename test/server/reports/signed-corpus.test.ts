import { sql } from 'kysely'
import { afterEach, describe, expect, it } from 'vitest'
import { createDamageReports } from '../../../src/server/integrity/index.ts'
import { createSignedCorpus, type SignedCorpus } from '../../../src/server/reports/index.ts'
import { openTestFoundation } from '../foundation.ts'
import { addAuthors, type DocumentFacts, writeSigned } from './signed-documents.ts'

const open: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of open.splice(0)) await close()
})

async function corpusOf(documents: DocumentFacts[]) {
  const foundation = await openTestFoundation()
  open.push(() => foundation.close())
  await addAuthors(foundation, { li: '李医师', wang: '王医师' })
  const ids = await writeSigned(foundation, documents)
  const corpus = createSignedCorpus(foundation, { damage: createDamageReports(foundation) })
  return { ...foundation, ids, corpus }
}

const always = { from: 0, to: 1e15 }
const numbered = (count: number): DocumentFacts[] =>
  Array.from({ length: count }, (_, i) => ({
    study: `1.2.${i}`,
    findings: `第${i}份。`,
    signedAt: 1000 + (i >> 1),
  }))

async function all(corpus: SignedCorpus, options: Parameters<SignedCorpus['scan']>[1], period = always) {
  const found: string[] = []
  for await (const { report } of corpus.scan(period, options))
    found.push(report?.document.text.findings ?? 'damaged')
  return found
}

describe('the signed reports', () => {
  it('are gone through in order of signing, each once, however many pages they fill', async () => {
    const { corpus } = await corpusOf(numbered(123))
    const oldest = await all(corpus, { order: 'oldest' })
    expect(new Set(oldest).size).toBe(123)
    expect(await all(corpus, { order: 'newest' })).toEqual(oldest.toReversed())
    expect(await corpus.count(always)).toBe(123)
  })

  it('are gone on with from any place, where others were signed at the same moment too', async () => {
    const { corpus } = await corpusOf(numbered(7))
    for (const order of ['newest', 'oldest'] as const) {
      const whole = await all(corpus, { order })
      const cursors: string[] = []
      for await (const { cursor } of corpus.scan(always, { order })) cursors.push(cursor)
      for (const [i, after] of cursors.entries())
        expect(await all(corpus, { order, after })).toEqual(whole.slice(i + 1))
    }
  })

  it('are each shown by the newest version, and only where that was signed in the period', async () => {
    const { corpus } = await corpusOf([
      { study: '1.2.1', findings: '先。', signedAt: 10 },
      { study: '1.2.1', findings: '后。', signedAt: 30, version: 2 },
      { study: '1.2.2', findings: '另。', signedAt: 20, author: { accountId: 'wang', name: '王医师' } },
    ])
    expect(await all(corpus, { order: 'oldest' })).toEqual(['另。', '后。'])
    expect(await all(corpus, { order: 'oldest' }, { from: 10, to: 30 })).toEqual(['另。'])
    expect(await corpus.count({ from: 20, to: 31 })).toBe(2)
    expect(await corpus.count({ ...always, author: 'li' } as never)).toBe(1)
  })

  it('of which one was changed are gone through all the same, and the damage is told once', async () => {
    const { corpus, store, audit, ids } = await corpusOf(numbered(5))
    await sql`drop trigger report_versions_no_update`.execute(store.db)
    const change = (id: string | undefined, set: object) =>
      store.db
        .updateTable('report_versions')
        .set(set)
        .where('id', '=', id ?? '')
        .execute()
    await change(ids[1], { sealed_document: 'v1.AAAA' })
    await change(ids[2], { document_hash: '0'.repeat(64) })
    await change(ids[3], { author_id: 'wang' })
    expect((await all(corpus, { order: 'oldest' })).filter((text) => text === 'damaged')).toHaveLength(3)
    await all(corpus, { order: 'oldest' })
    expect(await audit.tail(undefined, ['integrity.failed'])).toHaveLength(3)
  })

  it.each(['', 'x', '1', '1.', "1.a' or 1=1", `${'9'.repeat(20)}.a`])('refuse a cursor %j', async (after) => {
    const { corpus } = await corpusOf([])
    await expect(all(corpus, { order: 'newest', after })).rejects.toMatchObject({ code: 'bad-request' })
  })

  it('leave the gateway free to answer while thousands are gone through', async () => {
    const text = '双肺纹理清晰，未见实变及结节影。双侧胸腔未见积液。心影不大，主动脉壁钙化。'.repeat(20)
    const { corpus } = await corpusOf(
      Array.from({ length: 2000 }, (_, i) => ({ study: `1.2.${i}`, findings: text, signedAt: i })),
    )
    const watch = watchRounds()
    let count = 0
    for await (const { report } of corpus.scan(always, { order: 'newest' })) if (report) count += 1
    const { longest, all } = watch.end()
    expect(count).toBe(2000)
    console.log(`${Math.round((all / 2000) * 1000)} µs a report, longest round ${Math.round(longest)} ms`)
    expect(longest).toBeLessThan(50)
    // 100,000 in some tens of seconds.
    expect(all / 2000).toBeLessThan(0.4)
  })

  it('leave it free however many people look through them at once', async () => {
    const { corpus } = await corpusOf(numbered(200))
    const watch = watchRounds()
    const counts = await Promise.all(
      Array.from({ length: 15 }, async () => {
        let count = 0
        for await (const { report } of corpus.scan(always, { order: 'newest' })) {
          // A reader that works on what it finds.
          const until = performance.now() + 0.2
          while (report && performance.now() < until) count += 0
          count += 1
        }
        return count
      }),
    )
    expect(counts).toEqual(Array.from({ length: 15 }, () => 200))
    expect(watch.end().longest).toBeLessThan(50)
  })
})

/**
 * Watches what each round of the event loop costs, in ms of this thread's processor time: the machine has others' work too.
 * `longest` is the 95th percentile, which leaves out the odd collection of garbage.
 */
function watchRounds() {
  const used = () => {
    const { user, system } = process.threadCpuUsage()
    return (user + system) / 1000
  }
  const began = used()
  let last = began
  const rounds: number[] = []
  let watching = true
  const look = () => {
    const now = used()
    rounds.push(now - last)
    last = now
    if (watching) setImmediate(look)
  }
  setImmediate(look)
  return {
    end() {
      watching = false
      const sorted = rounds.toSorted((a, b) => a - b)
      return { longest: sorted[Math.floor(sorted.length * 0.95)] ?? 0, all: used() - began }
    },
  }
}
