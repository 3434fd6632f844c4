import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, describe, expect, it } from 'vitest'
import { checkDatabase } from '../../../src/server/backup/index.ts'

const dir = mkdtempSync(join(tmpdir(), 'vigil-check-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

function make(name: string, mebibytes: number): string {
  const file = join(dir, name)
  const database = new Database(file)
  database.exec('create table person (id integer primary key, note blob)')
  database.exec('create table visit (id integer primary key, person references person (id))')
  const insert = database.prepare('insert into person (note) values (randomblob(1048576))')
  for (let i = 0; i < Math.max(1, mebibytes); i++) insert.run()
  database.pragma('foreign_keys = off')
  database.exec('insert into visit (person) values (1), (99)')
  database.close()
  return file
}

async function damage(file: string, from: number): Promise<void> {
  const handle = await open(file, 'r+')
  await handle.write(Buffer.alloc(8192, 0xff), 0, 8192, from)
  await handle.close()
}

/** A small one is checked where it is asked for, a large one in a thread. */
describe.each([
  ['small', 1],
  ['large', 6],
])('the check of a %s database', (name, mebibytes) => {
  it('counts rows, rows without their other, and faults', async () => {
    const file = make(name, mebibytes)
    expect(await checkDatabase(file)).toEqual({
      faults: 0,
      orphans: 1,
      rows: { person: mebibytes, visit: 2 },
    })
    await damage(file, 4096)
    expect((await checkDatabase(file)).faults).toBeGreaterThan(0)
    await damage(file, 0)
    expect(await checkDatabase(file)).toMatchObject({ faults: 1, rows: {} })
  })
})

it('a file that is not there, or is no database, has a fault', async () => {
  expect(await checkDatabase(join(dir, 'none'))).toMatchObject({ faults: 1 })
  const text = join(dir, 'text')
  writeFileSync(text, 'not a database '.repeat(100))
  expect(await checkDatabase(text)).toMatchObject({ faults: 1 })
})
