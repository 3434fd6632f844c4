import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accountRows } from './rows/account.ts'
import { certificateRows } from './rows/certificate.ts'
import { channelRows } from './rows/channel.ts'
import { fallbackRows } from './rows/fallback.ts'
import { passwordRows } from './rows/password.ts'
import { sessionRows } from './rows/session.ts'
import { unlockRows } from './rows/unlock.ts'
import { openStage } from './stage.ts'

/**
 * Every outcome of a sign-in and an unlock: factor × state, against the gateway as the product composes it, over real
 * sockets. Of each: the answer's status, code and facts, its one audit row with the true reason, and that exactly the session
 * that is due stands, whole and usable, or none.
 */
const matrix = {
  'a certificate': certificateRows,
  'an account': accountRows,
  'the channel': channelRows,
  'a password beside the key': passwordRows,
  'other sessions': sessionRows,
  'password and code in the place of a key': fallbackRows,
  'an unlock': unlockRows,
}

let stage: Awaited<ReturnType<typeof openStage>>
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())

describe.each(Object.entries(matrix))('%s', (_, rows) => {
  it.each(rows.map((row) => [`${row.name}: ${row.code ?? 'accepted'}`, row] as const))('%s', (_name, row) =>
    stage.run(row),
  )
})

it('has no row twice, and enough of them', () => {
  const names = Object.entries(matrix).flatMap(([factor, rows]) =>
    rows.map(({ name }) => `${factor}: ${name}`),
  )
  expect(new Set(names).size).toBe(names.length)
  expect(names.length).toBeGreaterThanOrEqual(130)
})
