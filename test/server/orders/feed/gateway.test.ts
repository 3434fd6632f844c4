import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { encodeText } from '../../../../src/server/hl7/index.ts'
import { createOrders } from '../../../../src/server/orders/index.ts'
import { senderSkipReason, startHl7Sender } from '../../../hl7-sender/index.ts'
import { startGateway, type TestGateway } from '../../gateway-harness.ts'
import { openHospital } from './hospital.ts'
import { msh, orc, orm, pid, pv1, text } from './messages.ts'
import { writeTlsFiles } from './tls-files.ts'

const skipped = senderSkipReason
const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const now = () => new Date().toISOString().replace(/\D/g, '').slice(0, 14)

describe.skipIf(skipped)(`the gateway's order feed${skipped ? ` (${skipped})` : ''}`, () => {
  it('over TLS takes those with a certificate of the hospital, in GB 18030, and nobody else', async () => {
    const gateway = await startGateway({
      before: async (dir) => writeTlsFiles(dir),
      config: {
        orderFeeds: [
          {
            name: 'his',
            port: 0,
            peers: ['127.0.0.1'],
            charset: 'gb18030',
            zone: '+00:00',
            tls: { certificateFile: 'feed.pem', keyFile: 'feed.key', clientCaFile: 'feed-ca.pem' },
          },
        ],
      },
    })
    closers.push(() => gateway.stop())
    const { port } = await feedOf(gateway)
    const at = (name: string) => join(gateway.dir, name)
    const sender = (options: object) => {
      const started = startHl7Sender({ port, encoding: 'gb18030', ...options })
      closers.push(() => started.stop())
      return started
    }
    const known = sender({ ca: at('feed-ca.pem'), cert: at('sender.pem'), key: at('sender.key') })
    const message = (accession: string) => encodeText(orm(accession, { at: now() }), 'gb18030')
    expect((await known.send(message('A1'), message('A2'))).map(({ code }) => code)).toEqual(['AA', 'AA'])
    const stranger = sender({ ca: at('feed-ca.pem'), cert: at('stranger.pem'), key: at('stranger.key') })
    await expect(stranger.send(message('A3'))).rejects.toThrow()
    const nobody = sender({ ca: at('feed-ca.pem') })
    await expect(nobody.send(message('A4'))).rejects.toThrow()
    await expect(sender({}).raw(Buffer.from('\x0bMSH|plain\x1c\r'), 2)).resolves.toEqual([])
    const orders = await createOrders(gateway.foundation, { announce: () => {} }).list()
    expect(orders.map(({ order }) => [order.accessionNumber, order.patientName]).sort()).toEqual([
      ['A1', '张伟'],
      ['A2', '张伟'],
    ])
    const refusals = (await gateway.foundation.audit.tail()).filter(
      ({ action }) => action === 'feed.connection-refused',
    )
    expect(refusals).toMatchObject([
      { actor: 'interface:his', address: '127.0.0.1', detail: { why: 'handshake' } },
    ])
  })

  it('its quarantine is the system administrator’s, and nobody else’s', async () => {
    const gateway = await startGateway({
      config: { orderFeeds: [{ name: 'his', port: 0, peers: ['127.0.0.1'], zone: '+00:00' }] },
    })
    closers.push(() => gateway.stop())
    const { port } = await feedOf(gateway)
    const sender = startHl7Sender({ port })
    closers.push(() => sender.stop())
    await sender.send(text(msh('ORM^O01', { at: now() }), pid(), pv1(), orc('CA', 'A1')))
    const desk = await gateway.workstation('desk')
    const admin = await gateway.session(
      desk,
      await gateway.person('zhao', { roles: ['system-administrator'] }),
    )
    const listed = await admin.channel.call('quarantine', { query: '?state=waiting' })
    expect(listed).toMatchObject({
      status: 200,
      body: { waiting: 1, messages: [{ reason: 'unknown', where: 'ORC-3' }] },
    })
    const { id } = (listed.body as unknown as { messages: { id: string }[] }).messages[0]!
    const replay = () => admin.channel.call('replayQuarantined', { params: { id }, body: {} })
    expect(await replay()).toMatchObject({
      body: { code: 'message-unusable', facts: { reason: 'unknown', where: 'ORC-3' } },
    })
    await sender.send(orm('A1', { at: '20200101000000' }))
    expect((await replay()).status).toBe(200)
    for (const role of ['radiologist', 'technologist', 'security-officer', 'auditor'] as const) {
      const other = await gateway.session(desk, await gateway.person(role, { roles: [role] }))
      const refused = await other.channel.call('quarantinedMessage', { params: { id } })
      expect(refused).toMatchObject({ status: 403, body: { code: 'permission-denied' } })
    }
  })

  it('takes 200 messages in order on one connection, and 20 connections at a time, and more wait outside', async () => {
    const hospital = await openHospital({ connections: 20 })
    closers.push(() => hospital.close())
    const one = hospital.sender()
    const two = (count: number) => String(count).padStart(2, '0')
    const sequential = Array.from({ length: 200 }, (_, n) =>
      orm('A1', { at: `2026112215${two(Math.floor(n / 60))}${two(n % 60)}` }).replace('^^12', `^^${n}`),
    )
    const answers = await one.send(...sequential)
    expect(answers.every(({ code }) => code === 'AA')).toBe(true)
    expect((await hospital.orders.byAccession('A1'))?.order.bed).toBe('199')
    await one.stop()
    const crowd = Array.from({ length: 20 }, () => hospital.sender())
    const results = await Promise.all(
      crowd.map((sender, n) => sender.send(...[1, 2, 3].map((m) => orm(`C${n}-${m}`, { patient: `P${n}` })))),
    )
    expect(results.flat().filter(({ code }) => code === 'AA')).toHaveLength(60)
    expect(await hospital.orders.list()).toHaveLength(61)
    expect((await hospital.foundation.audit.verify()).faults).toEqual([])
  })
})

async function feedOf(gateway: TestGateway): Promise<{ port: number }> {
  const desk = await gateway.workstation('feeds')
  const admin = await gateway.session(desk, await gateway.person('jing', { roles: ['system-administrator'] }))
  const { body } = await admin.channel.call('incomingFeeds')
  return (body as unknown as { feeds: { port: number }[] }).feeds[0]!
}
