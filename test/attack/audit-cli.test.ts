import { spawnSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../../demo/places.ts'
import { type ComposedGateway, composeGateway } from './composed-gateway.ts'

/** `vigil audit verify`, as an auditor runs it beside the gateway, after somebody was at the file. */
let gateway: ComposedGateway
beforeAll(async () => {
  gateway = await composeGateway()
})
afterAll(() => gateway.remove())

function verify(): { status: number | null; said: string } {
  const args = ['src/server/cli/vigil.ts', 'audit', 'verify', '--dir', gateway.dir]
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: projectRoot })
  return { status, said: `${stdout}${stderr}` }
}
const guards = 'drop trigger if exists audit_no_update; drop trigger if exists audit_no_delete;'

/** In this order: each leaves the file as the next finds it, and the gateway goes on writing all the while. */
describe('vigil audit verify', { timeout: 60_000 }, () => {
  it('finds a running gateway’s trail whole', () => {
    expect(verify()).toMatchObject({ status: 0, said: expect.stringContaining('chain whole') })
  })

  it('has no sibling that deletes, and the database refuses to', () => {
    const help = spawnSync(process.execPath, ['src/server/cli/vigil.ts', 'audit', '--help'], {
      cwd: projectRoot,
    })
    expect(String(help.stdout)).not.toMatch(/delete|remove|clear|prune|purge|reset|stop|disable/i)
    for (const sql of [
      'delete from audit',
      'update audit set at = 0',
      `update audit set action = '' where seq = 1`,
    ])
      expect(() => gateway.tamper((database) => database.exec(sql))).toThrow('append-only')
  })

  it('ends with 1 once the triggers are gone, though no row is', () => {
    gateway.tamper((database) => database.exec(guards))
    expect(verify()).toMatchObject({ status: 1, said: expect.stringContaining('triggers') })
  })

  it('ends with 1 once rows are cut off the end, also after the gateway has written on and was restarted', async () => {
    gateway.tamper((database) =>
      database.exec('delete from audit where seq > (select max(seq) - 2 from audit)'),
    )
    expect(verify()).toMatchObject({ status: 1, said: expect.stringContaining('truncated') })
    // A sign-in is audited; the gateway cannot be kept from that, nor made to cover the gap.
    await gateway.session(gateway.people.auditor)
    expect(verify()).toMatchObject({ status: 1, said: expect.stringContaining('truncated') })
    await gateway.restart()
    expect(verify()).toMatchObject({ status: 1, said: expect.stringContaining('truncated') })
  })

  it('ends with 1 where everything is gone, and does not say what was in it', async () => {
    gateway.tamper((database) => database.exec(`${guards} delete from audit; delete from settings`))
    const { status, said } = verify()
    expect(status).toBe(1)
    expect(said).toMatch(/truncated/)
    await gateway.restart()
    const later = verify()
    expect(later.status).toBe(1)
    expect(later.said).not.toMatch(/login\.of|欧阳/)
  })
})
