import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { CheckpointFile, isSigned } from '../../../src/server/audit/index.ts'
import { startGateway } from '../gateway-harness.ts'
import { createLogServer, hasRsyslog, seqs, until } from './log-server.ts'

describe.skipIf(!hasRsyslog)('the gateway as it is composed', () => {
  it('ships every record, and signed checkpoints that are then known to be off the machine', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'vigil-log-'))
    const server = await createLogServer(dir, { driver: 'ossl' })
    await server.start()
    const gateway = await startGateway({
      config: { audit: { shipping: server.shipping(), checkpointMinutes: 0.01 } },
      tuning: { auditShipping: { pollMs: 30, settleMs: 0 } },
    })
    try {
      const desk = await gateway.workstation('office')
      const person = await gateway.person('sun.jie', { roles: ['auditor'] })
      const { channel } = await gateway.session(desk, person)
      const checkpoints = () => server.received().filter(({ messageId }) => messageId === 'VIGIL-CHECKPOINT')
      await until(() => checkpoints().length > 0)
      const { certificate, ...statement } = CheckpointFile.parse(JSON.parse(checkpoints()[0]?.text ?? ''))
      expect(isSigned(statement, certificate)).toBe(true)
      expect(isSigned({ ...statement, seq: statement.seq + 1 }, certificate)).toBe(false)
      const shipped = () =>
        gateway.foundation.store.db.selectFrom('audit_checkpoints_shipped').selectAll().execute()
      await until(async () => (await shipped()).length > 0)
      const state = async () => (await channel.call('auditShipping')).body
      await until(async () => (await state()).waiting === 0)
      const { shippedSeq, receiver } = await state()
      expect(receiver).toBe(`127.0.0.1:${server.port}`)
      expect(seqs(server.received()).slice(0, shippedSeq)).toEqual(
        Array.from({ length: shippedSeq }, (_, index) => index + 1),
      )
      const signIn = server.received().find(({ data }) => data.action === 'sign-in.accepted')
      expect(signIn?.text).toContain('<EventID csd-code="110114"')
      expect(signIn?.text).toContain('UserName="姓名 sun.jie"')
    } finally {
      await gateway.close()
      await server.stop()
      await rm(dir, { recursive: true, force: true })
    }
  })
})
