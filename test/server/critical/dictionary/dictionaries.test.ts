import { sql } from 'kysely'
import { afterEach, describe, expect, it } from 'vitest'
import { openTestFoundation } from '../../foundation.ts'
import { until } from '../../sessions/event-log.ts'
import { contentOf, openDictionary } from './on-a-store.ts'

const close: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const one of close.splice(0).reverse()) await one()
})

async function aFoundation(at: Parameters<typeof openTestFoundation>[1] = {}) {
  const foundation = await openTestFoundation({}, at)
  close.push(at.dir ? () => foundation.store.close() : () => foundation.close())
  return foundation
}

const oneType = contentOf('LARGE_PNEUMOTHORAX')

describe('the dictionary in force', () => {
  it('is the starting one at first, published once and audited', async () => {
    const foundation = await aFoundation()
    await openDictionary(foundation)
    const { dictionaries, call } = await openDictionary(foundation)
    expect(dictionaries.inForce().dictionary.version).toBe('default-1')
    expect(dictionaries.inForce().analyzer.version).toBe('default-1')
    const { versions, inForce } = await call('an', 'dictionaryVersions')
    expect({ inForce, versions }).toMatchObject({
      inForce: 'default-1',
      versions: [{ version: 'default-1', state: 'published', createdBy: 'gateway', editors: [] }],
    })
    expect(versions[0]?.terms).toBeGreaterThan(500)
    expect(await foundation.audit.tail(undefined, ['dictionary.published'])).toHaveLength(1)
  })

  it('stays what was published, whatever the product brings after a restart', async () => {
    const foundation = await aFoundation()
    await (await openDictionary(foundation)).publish(oneType)
    const later = await openDictionary(foundation, {
      version: 'default-2',
      ...contentOf('PULMONARY_EMBOLISM'),
    })
    expect(later.dictionaries.inForce().dictionary).toMatchObject({ version: 'D2', entries: oneType.entries })
  })

  it('is exchanged by publication, told to all, and every step is audited with who took it', async () => {
    const foundation = await aFoundation()
    const { dictionaries, publish, events } = await openDictionary(foundation)
    expect(await publish(oneType)).toMatchObject({ state: 'published', approvedBy: '薄医师' })
    expect(dictionaries.inForce().dictionary.version).toBe('D2')
    expect(dictionaries.inForce().analyzer.version).toBe('D2')
    expect(events).toEqual([{ kind: 'dictionary-changed', version: 'D2' }])
    const steps = (await foundation.audit.tail()).filter(({ action }) => action.startsWith('dictionary.'))
    expect(steps.reverse().map(({ action, actor }) => `${action} ${actor}`)).toEqual([
      'dictionary.published gateway:gateway-under-test',
      'dictionary.draft-begun account:an',
      'dictionary.draft-saved account:an',
      'dictionary.dry-run account:an',
      'dictionary.tested account:an',
      'dictionary.published account:bo',
    ])
    expect(await foundation.audit.verify()).toMatchObject({ faults: [] })
  })

  it('that another process published is noticed', async () => {
    const foundation = await aFoundation()
    const here = await openDictionary(foundation)
    here.start()
    close.push(here.stop)
    const { dir, masterKey } = foundation
    const elsewhere = await openDictionary(await aFoundation({ dir, masterKey }))
    await elsewhere.publish(oneType)
    const began = Date.now()
    await until(() => here.dictionaries.inForce().dictionary.version === 'D2', 5000)
    expect(Date.now() - began).toBeLessThan(5000)
    expect(here.events).toEqual([{ kind: 'dictionary-changed', version: 'D2' }])
  })

  it('follows the order of publication, though the clock was set back', async () => {
    const foundation = await aFoundation()
    const { publish, dictionaries } = await openDictionary(foundation)
    foundation.time.now -= 86_400_000
    await publish(oneType)
    await publish(contentOf('PULMONARY_EMBOLISM'))
    expect(dictionaries.inForce().dictionary.version).toBe('D3')
    expect((await openDictionary(foundation)).dictionaries.inForce().dictionary.version).toBe('D3')
  })
})

describe('a published dictionary in the database', () => {
  async function published() {
    const foundation = await aFoundation()
    await (await openDictionary(foundation)).publish(oneType)
    const change = (set: object, id = 'D2') =>
      foundation.store.db.updateTable('dictionary_versions').set(set).where('id', '=', id).execute()
    const unguarded = async () => {
      await sql`drop trigger dictionary_published_no_update`.execute(foundation.store.db)
    }
    return { foundation, change, unguarded }
  }

  it('can be neither changed nor deleted', async () => {
    const { foundation, change } = await published()
    await expect(change({ state: 'discarded' })).rejects.toThrow('append-only')
    await expect(foundation.store.db.deleteFrom('dictionary_versions').execute()).rejects.toThrow(
      'append-only',
    )
  })

  it.each([
    ['ciphertext', { sealed_version: 'v1.AAAA' }],
    ['state, for the older one to be in force', { state: 'discarded' }],
    ['time, for the older one to be in force', { published_at: 1 }],
    ['name', { id: 'D9' }],
  ])('whose %s was changed keeps the gateway from starting, and is told', async (_, set) => {
    const { foundation, change, unguarded } = await published()
    await unguarded()
    await change(set)
    await expect(openDictionary(foundation)).rejects.toThrow(
      /dictionary was changed in the database \(version D/,
    )
    expect(await foundation.audit.tail(undefined, ['integrity.failed'])).not.toEqual([])
  })

  it('whose content was exchanged for that of another version is not taken', async () => {
    const { foundation, change, unguarded } = await published()
    await unguarded()
    const rows = await foundation.store.db.selectFrom('dictionary_versions').selectAll().execute()
    await change({ sealed_version: rows.find(({ id }) => id === 'default-1')?.sealed_version })
    await expect(openDictionary(foundation)).rejects.toThrow('was changed')
  })

  it('that is changed while the gateway runs is not taken: what is in force stays', async () => {
    const foundation = await aFoundation()
    const here = await openDictionary(foundation)
    await foundation.store.db
      .insertInto('dictionary_versions')
      .values({
        id: 'D7',
        state: 'published',
        published_at: 1e15,
        created_at: 1,
        revision: 1,
        sealed_version: 'v1.x',
      })
      .execute()
    await here.dictionaries.refresh()
    expect(here.dictionaries.inForce().dictionary.version).toBe('default-1')
    expect(here.events).toEqual([])
    expect(await foundation.audit.tail(undefined, ['integrity.failed'])).toHaveLength(1)
  })
})

describe('a damaged draft', () => {
  it('is refused and told, and the gateway starts without it', async () => {
    const foundation = await aFoundation()
    const { call } = await openDictionary(foundation)
    await call('an', 'beginDictionaryDraft', { body: {} })
    await foundation.store.db
      .updateTable('dictionary_versions')
      .set({ sealed_version: 'v1.AAAA' })
      .where('id', '=', 'D2')
      .execute()
    const again = await openDictionary(foundation)
    expect((await again.call('an', 'dictionaryVersions')).versions.map(({ version }) => version)).toEqual([
      'default-1',
    ])
    await expect(again.call('an', 'dictionaryVersion', { params: { version: 'D2' } })).rejects.toMatchObject({
      code: 'internal',
      facts: { damaged: 'dictionary_versions' },
    })
    expect(await foundation.audit.tail(undefined, ['integrity.failed'])).not.toEqual([])
    await again.call('bo', 'discardDictionaryDraft')
    expect(await again.call('bo', 'beginDictionaryDraft', { body: {} })).toMatchObject({ version: 'D3' })
    await openDictionary(foundation)
  })
})
