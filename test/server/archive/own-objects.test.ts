import { createSecretKey, randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ownObjects, ownObjectsSource, resealFolder } from '../../../src/server/archive/folder/own-objects.ts'
import { storeInFolder } from '../../../src/server/archive/folder/store.ts'
import { protectionBy } from '../../../src/server/protection/index.ts'

const keys = [randomBytes(32), randomBytes(32)].map((bytes) => createSecretKey(bytes))
const under = (generation: number) =>
  protectionBy(
    {
      current: () => ({ generation, key: keys[generation - 1]! }),
      of: (_, one) => keys[one - 1],
    },
    randomBytes,
  )

let root: string
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'vigil-own-')))
})
afterEach(() => rm(root, { recursive: true, force: true }))

it('moves objects to a new generation, leaves a damaged one, and tells it from the good ones', async () => {
  const old = { ...under(1), blindIndex: () => 'a-keyed-index-of-the-study' }
  const now = { ...under(2), blindIndex: old.blindIndex }
  await storeInFolder(ownObjects(root, old), '1.2.3', [
    Buffer.from('one'),
    Buffer.from('two'),
    Buffer.from('three'),
  ])
  await mkdir(join(root, 'other'))
  await writeFile(join(root, 'other', 'theirs.sealed'), 'not ours')
  const folder = join(root, 'vigil-objects', 'a-keyed-index-of-the-s')
  const names = (await readdir(folder)).sort()
  expect(names).toHaveLength(3)
  const broken = await readFile(join(folder, names[0]!))
  broken[broken.length - 1]! ^= 1
  await writeFile(join(folder, names[0]!), broken)
  expect(await resealFolder(root, now, 2)).toEqual({ moved: 2, damaged: 1 })
  expect(await resealFolder(root, now, 2)).toEqual({ moved: 0, damaged: 1 })
  expect((await readdir(folder)).sort()).toEqual(names)
  const source = ownObjectsSource(root, now)
  expect(await source.total()).toBe(3)
  const faults = []
  for await (const { file, fault } of source.check()) faults.push([file.split('/').at(-1), fault])
  expect(faults).toEqual(names.map((name, index) => [name, index === 0 ? 'changed' : null]))
})
