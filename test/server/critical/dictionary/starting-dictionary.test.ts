import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import defaultDictionary from '../../../../assets/dictionary/default.json' with { type: 'json' }
import { demoDictionary } from '../../../../demo/dictionary.ts'
import { startingDictionary } from '../../../../src/server/critical/dictionary/starting-dictionary.ts'
import { startGateway } from '../../gateway-harness.ts'

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vigil-dictionary-'))
})
afterAll(() => rm(dir, { recursive: true }))

async function fileOf(content: string): Promise<string> {
  const file = join(dir, 'own.json')
  await writeFile(file, content)
  return file
}

describe('the dictionary that a new gateway begins with', () => {
  it('is the product\u2019s where the configuration names none', async () => {
    expect((await startingDictionary(undefined, defaultDictionary)).version).toBe('default-1')
  })

  it.each([
    ['no JSON', '{', 'cannot be read as JSON'],
    ['no dictionary', '{"version":"own-1"}', 'entries malformed'],
    [
      'a level that there is not',
      JSON.stringify({ version: 'own-1', entries: [{ code: 'A_B', level: 'blue' }] }),
      'entries.0',
    ],
  ])('is refused by file and field: %s', async (_, content, why) => {
    const refused = startingDictionary(await fileOf(content), defaultDictionary)
    await expect(refused).rejects.toThrow(/^startingDictionaryFile own\.json: /)
    await expect(refused).rejects.toThrow(why)
  })

  it('is the hospital\u2019s own at the first start, and the file is not asked for again', async () => {
    const file = await fileOf(JSON.stringify(demoDictionary))
    const gateway = await startGateway({ config: { startingDictionaryFile: file } })
    const read = async (at: Awaited<ReturnType<typeof startGateway>>) => {
      const person = await at.person(`reader-${Date.now()}`)
      const { channel } = await at.session(await at.workstation(`desk-${Date.now()}`), person)
      return (await channel.call('dictionary')).body
    }
    const first = await read(gateway)
    expect([first.version, first.rules.contacts.length]).toEqual([
      'demo-1',
      demoDictionary.rules.contacts?.length,
    ])
    await gateway.stop()
    await rm(file)
    const again = await startGateway({ resume: gateway })
    expect((await read(again)).version).toBe('demo-1')
    await again.close()
  })
})
