import { createHmac } from 'node:crypto'
import { chmod } from 'node:fs/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { answering, type HttpAnswerer, startHttpPeer } from '../http-peer.ts'
import { aMessage, hostileText, never } from '../messages.ts'
import { anAdapter, filesWith } from '../open-target.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function webhook(respond: HttpAnswerer, more: object = {}) {
  const peer = await startHttpPeer(respond)
  const files = await filesWith({ secret: 'the-shared-secret\n' })
  cleanups.push(peer.stop, files.remove)
  const adapter = anAdapter({
    kind: 'webhook',
    url: `${peer.url}/hook?a=1`,
    secretFile: files.at('secret'),
    timeoutSeconds: 5,
    ...more,
    ...('poll' in more ? { poll: { url: `${peer.url}/replies` } } : {}),
  })
  cleanups.push(adapter.close)
  return { peer, adapter, files }
}

describe('webhook', () => {
  it.each(['notice', 'cancel', 'escalation', 'reroute'] as const)(
    'signs a %s over exact bytes',
    async (kind) => {
      const { peer, adapter } = await webhook(answering(202), {
        codes: { sex: { O: '9' }, level: { yellow: '3' } },
      })
      const message = aMessage(kind, hostileText)
      const attempt = await adapter.send(message, never)
      expect(attempt).toMatchObject({ verdict: { outcome: 'delivered' }, silent: false })
      const [{ headers, body, url }] = peer.seen as [(typeof peer.seen)[0]]
      expect(url).toBe('/hook?a=1')
      expect(headers['idempotency-key']).toBe(message.controlId)
      const [, seconds, mac] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['x-vigil-signature'])) ?? []
      const expected = createHmac('sha256', 'the-shared-secret')
        .update(`${seconds}.`)
        .update(body)
        .digest('hex')
      expect(mac).toBe(expected)
      expect(Number(seconds)).toBe(Math.floor(message.sentAt / 1000))
      const said = JSON.parse(body.toString('utf8'))
      expect(said).toMatchObject({
        version: 1,
        message: { id: message.controlId, kind, test: '0' },
        alert: { id: message.alert.id, content: hostileText, level: '3' },
        patient: { name: hostileText, sex: '9' },
      })
      expect(attempt.exchange.request).toContain('x-vigil-signature: ***')
      expect(JSON.stringify(attempt)).not.toContain('the-shared-secret')
    },
  )

  it('takes the answers that its poll brings, as they are', async () => {
    const reply = {
      id: 'R1',
      alertId: 'A1',
      step: 'received',
      by: { id: 'n1', name: '赵护士', role: 'nurse' },
      readBack: true,
      measure: '',
      opinion: '',
      at: 1,
    }
    const { peer, adapter } = await webhook(answering(200, JSON.stringify({ replies: [reply] })), {
      poll: {},
    })
    expect(await adapter.poll?.(['A1', 'A2'], never)).toEqual([reply])
    expect(peer.seen[0]?.url).toBe('/replies?alerts=A1%2CA2')
    const odd = await webhook(answering(200, JSON.stringify({ replies: [{ id: '' }, reply] })), { poll: {} })
    expect(await odd.adapter.poll?.(['A1'], never)).toEqual([{ id: '' }, reply])
    const bad = await webhook(answering(200, '{"replies":7}'), { poll: {} })
    await expect(bad.adapter.poll?.(['A1'], never)).rejects.toThrow('answer-unreadable')
  })

  it('does not start with a secret that others can read, that is empty, or that is not there', async () => {
    const files = await filesWith({ wide: 'x', empty: '\n' })
    cleanups.push(files.remove)
    await chmod(files.at('wide'), 0o644)
    const open = (file: string) => () =>
      anAdapter({ kind: 'webhook', url: 'http://his.example', secretFile: files.at(file) })
    expect(open('wide')).toThrow(/wide: mode 0644 is too wide/)
    expect(open('empty')).toThrow(/empty: empty/)
    expect(open('none')).toThrow(/none: missing/)
  })
})
