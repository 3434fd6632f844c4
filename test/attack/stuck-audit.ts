import { createHash } from 'node:crypto'
import { readdirSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import Database from 'better-sqlite3'
import { expect } from 'vitest'
import { unrecordedColumns, unrecordedTables } from '../../src/server/store/recorded/index.ts'
import type { Api } from '../../src/shared/api/index.ts'
import type { Answer, Call, Channel } from '../server/channel.ts'
import type { ComposedGateway } from './composed-gateway.ts'

/** What is asked for, by whom. */
export interface Asked extends Call {
  by: Channel
}
/** A change, and how it is asked for: made anew for each try. */
export type Act = readonly [name: keyof Api, ask: () => Promise<Asked> | Asked]

const stuck = `create trigger audit_stuck before insert on audit begin select raise(abort, 'no room for it'); end`
/** The database itself, its locks, and where backups and proofs are worked on. */
const asItGoes = /vigil\.db|lock|backups/

/** A gateway whose audit can be made unwritable, from outside. */
export function stuckAudit(gateway: Pick<ComposedGateway, 'dir' | 'paths'>) {
  const database = new Database(gateway.paths.database, { timeout: 5000 })
  const proven = new Set<keyof Api>()

  /** Every table that is held to its record, and every file, as they are. */
  function everything(): Map<string, string> {
    const state = new Map<string, string>()
    const tables = database
      .prepare(
        `select name from sqlite_schema where type = 'table' and name not like 'sqlite\\_%' escape '\\'`,
      )
      .pluck()
      .all() as string[]
    for (const table of tables) {
      if (Object.hasOwn(unrecordedTables, table) && table !== 'audit') continue
      const free = unrecordedColumns[table]?.columns ?? []
      const rows = database.prepare(`select * from "${table}"`).all() as Record<string, unknown>[]
      const kept = rows.map((row) => Object.entries(row).filter(([column]) => !free.includes(column)))
      state.set(table, createHash('sha256').update(JSON.stringify(kept)).digest('hex'))
    }
    for (const file of readdirSync(gateway.dir, { recursive: true, withFileTypes: true }))
      if (file.isFile() && !asItGoes.test(`${file.parentPath}/${file.name}`)) {
        const path = join(file.parentPath, file.name)
        state.set(relative(gateway.dir, path), String(statSync(path).size))
      }
    return state
  }

  /** Asks while the audit cannot be written and looks what changed. */
  async function refused([name, ask]: Act): Promise<void> {
    const asked = await ask()
    database.exec(stuck)
    let answer: Answer
    let before: Map<string, string>
    let after: Map<string, string>
    try {
      before = everything()
      answer = await asked.by.call(name, asked)
      after = everything()
    } finally {
      database.exec('drop trigger audit_stuck')
    }
    expect([name, answer.status, answer.body?.code]).toEqual([name, 503, 'audit-unavailable'])
    const all = new Set([...before.keys(), ...after.keys()])
    const changed = [...all].filter((one) => before.get(one) !== after.get(one))
    expect([name, changed]).toEqual([name, []])
    proven.add(name)
  }

  async function made([name, ask]: Act): Promise<Answer['body']> {
    const asked = await ask()
    const answer = await asked.by.call(name, asked)
    expect([name, answer.status, answer.status === 200 || answer.body.code]).toEqual([name, 200, true])
    return answer.body
  }

  return {
    refused,
    made,
    /** Refused while it cannot be recorded, made when it can: it was refused for that alone. */
    async prove(...act: Act): Promise<Answer['body']> {
      await refused(act)
      return made(act)
    },
    proven,
    close: () => database.close(),
  }
}
