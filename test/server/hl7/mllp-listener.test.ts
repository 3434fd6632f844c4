import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { createBlockCollector, frameBlock } from '../../../src/server/hl7/mllp.ts'
import { createMllpListener, type Disconnection } from '../../../src/server/hl7/mllp-listener.ts'
import { allowedPeers } from '../../../src/server/hl7/peers.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function listening(
  options: Partial<Parameters<typeof createMllpListener>[0]> = {},
  host = '127.0.0.1',
) {
  const ended: { why: Disconnection; peer: string }[] = []
  const listener = createMllpListener({
    peers: ['127.0.0.1'],
    receive: async (block) => Buffer.concat([Buffer.from('ok '), block]),
    onDisconnected: (why, peer) => ended.push({ why, peer }),
    ...options,
  })
  closers.push(() => listener.close())
  return { listener, ended, port: await listener.listen({ host, port: 0 }) }
}

/** A plain socket: its blocks, and whether it has ended. */
function client(port: number, from?: string) {
  const socket = connect({ port, host: '127.0.0.1', ...(from ? { localAddress: from } : {}) })
  const collector = createBlockCollector(1 << 24)
  const blocks: string[] = []
  let ended = false
  socket.on('data', (chunk) => blocks.push(...collector.take(chunk).map(String)))
  socket.on('error', () => {})
  socket.on('close', () => {
    ended = true
  })
  closers.push(() => socket.destroy())
  const until = async (what: () => boolean, ms = 5000) => {
    for (const late = Date.now() + ms; !what(); await sleep(5))
      if (Date.now() > late) throw new Error('too late')
  }
  return { socket, blocks, ended: () => ended, until }
}

describe('the MLLP listener', () => {
  it('answers pipelined messages one after another, never two at a time', async () => {
    let inFlight = 0
    let most = 0
    const { port } = await listening({
      receive: async (block) => {
        inFlight += 1
        most = Math.max(most, inFlight)
        await sleep(2)
        inFlight -= 1
        return block
      },
    })
    const one = client(port)
    const sent = Array.from({ length: 50 }, (_, i) => `M${i}`)
    one.socket.write(Buffer.concat(sent.map((text) => frameBlock(Buffer.from(text)))))
    await one.until(() => one.blocks.length === 50)
    expect(one.blocks).toEqual(sent)
    expect(most).toBe(1)
  })

  it('ends who is not on the list before a byte is read', async () => {
    let received = 0
    const { port, ended } = await listening({
      peers: ['10.0.0.0/8', '127.0.0.1'],
      receive: async (block) => {
        received += 1
        return block
      },
    })
    const stranger = client(port, '127.0.0.2')
    stranger.socket.write(frameBlock(Buffer.from('x')))
    await stranger.until(stranger.ended)
    expect(ended).toEqual([{ why: 'not-allowed', peer: '127.0.0.2' }])
    expect(received).toBe(0)
    const known = client(port)
    known.socket.write(frameBlock(Buffer.from('x')))
    await known.until(() => known.blocks.length === 1)
  })

  it('takes so many connections and no more', async () => {
    const { port, ended, listener } = await listening({ limits: { connections: 20 } })
    const crowd = Array.from({ length: 25 }, () => client(port))
    await crowd[0]!.until(() => ended.length === 5)
    expect(listener.connections()).toBe(20)
    expect(ended.every(({ why }) => why === 'too-many-connections')).toBe(true)
    const inside = crowd.filter((one) => !one.ended())
    for (const one of inside) one.socket.write(frameBlock(Buffer.from('x')))
    for (const one of inside) await one.until(() => one.blocks.length === 1)
    inside[0]!.socket.destroy()
    await crowd[0]!.until(() => listener.connections() === 19)
    const next = client(port)
    next.socket.write(frameBlock(Buffer.from('x')))
    await next.until(() => next.blocks.length === 1)
  })

  it('ends a message that is too large, comes too slowly, or a connection that says nothing', async () => {
    const { port, ended } = await listening({ limits: { message: 1000, blockMs: 150, idleMs: 400 } })
    const large = client(port)
    large.socket.write(frameBlock(Buffer.alloc(1000, 0x41)))
    await large.until(() => large.blocks.length === 1)
    large.socket.write(frameBlock(Buffer.alloc(1001, 0x41)))
    await large.until(large.ended)
    const slow = client(port)
    slow.socket.write(Buffer.of(0x0b))
    const began = Date.now()
    // A byte now and then does not buy time.
    const drip = setInterval(() => slow.socket.write('A'), 20)
    closers.push(() => clearInterval(drip))
    await slow.until(slow.ended)
    expect(Date.now() - began).toBeLessThan(1500)
    expect(ended.map(({ why }) => why)).toEqual(['too-large', 'too-slow'])
    const silent = client(port)
    const noise = setInterval(() => silent.socket.write('noise'), 20)
    closers.push(() => clearInterval(noise))
    await silent.until(silent.ended)
  })

  it('is not slowed by single bytes', async () => {
    const collector = createBlockCollector(1 << 20)
    const bytes = frameBlock(Buffer.alloc(300_000, 0x41))
    const began = performance.now()
    let blocks = 0
    for (const byte of bytes) blocks += collector.take(Buffer.of(byte)).length
    expect(blocks).toBe(1)
    expect(performance.now() - began).toBeLessThan(3000)
  })

  it('answers what it has when it closes, and takes nothing more', async () => {
    let finish = () => {}
    const { port, listener } = await listening({
      receive: (block) => new Promise((resolve) => (finish = () => resolve(block))),
    })
    const one = client(port)
    one.socket.write(Buffer.concat(['first', 'second'].map((text) => frameBlock(Buffer.from(text)))))
    const early = finish
    await one.until(() => finish !== early)
    const closed = listener.close()
    finish()
    await closed
    await one.until(one.ended)
    expect(one.blocks).toEqual(['first'])
  })

  it('survives a sender that goes away at any time', async () => {
    const { port, listener } = await listening({
      receive: async (block) => {
        await sleep(10)
        return block
      },
    })
    for (let i = 0; i < 30; i++) {
      const one = client(port)
      one.socket.write(frameBlock(Buffer.alloc(5000, 0x41)), () => one.socket.resetAndDestroy())
    }
    const last = client(port)
    last.socket.write(frameBlock(Buffer.from('still there')))
    await last.until(() => last.blocks.length === 1)
    last.socket.destroy()
    await last.until(() => listener.connections() === 0)
  })
})

describe('allowed peers', () => {
  it('are addresses and blocks of both families, an IPv4 one in IPv6 writing too', () => {
    const allowed = allowedPeers(['10.1.0.0/16', '192.168.1.5', 'fd00::/8', '::1'])
    const yes = ['10.1.2.3', '::ffff:10.1.2.3', '192.168.1.5', 'fd12::1', '::1']
    const no = ['10.2.0.1', '192.168.1.6', 'fe80::1', '::2', '', 'nonsense', '::ffff:10.2.0.1']
    expect(yes.map(allowed)).toEqual(yes.map(() => true))
    expect(no.map(allowed)).toEqual(no.map(() => false))
  })
})
