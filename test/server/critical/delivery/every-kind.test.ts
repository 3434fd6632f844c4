import { cpSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, it } from 'vitest'
import { type HttpSeen, startHttpPeer } from './http-peer.ts'
import { filesWith } from './open-target.ts'
import { closeRoom, openSendingRoom, settled, sign, withdraw } from './sending-room.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

it('every kind of target over HTTP gets a signed alert, through trouble, and then its withdrawal', async () => {
  const files = await filesWith({ secret: 'secret' })
  cleanups.push(files.remove)
  cpSync(fileURLToPath(new URL('../../../../assets/interfaces/soap', import.meta.url)), files.dir, {
    recursive: true,
  })
  const soapAnswer =
    '<Envelope><Body><CriticalValueResponse><resultCode>0</resultCode></CriticalValueResponse></Body></Envelope>'
  // The first of each is answered by 500.
  const peerOf = async (type: string, body: string) => {
    const peer = await startHttpPeer((_, answer, count) => {
      answer.writeHead(count === 1 ? 500 : 200, { 'content-type': type }).end(body)
    })
    cleanups.push(peer.stop)
    return peer
  }
  const [soap, fhir, hook] = [
    await peerOf('text/xml', soapAnswer),
    await peerOf('application/fhir+json', '{}'),
    await peerOf('application/json', '{}'),
  ]
  const soon = { retrySeconds: 0.05, retryMaximumSeconds: 0.05 }
  const call = (name: string) => ({ template: files.at(`${name}.xml`) })
  const calls = {
    notice: call('notice'),
    cancel: call('cancel'),
    escalation: call('escalation'),
    reroute: call('reroute'),
  }
  const room = await openSendingRoom([
    { ...soon, name: 'soap', kind: 'soap', url: soap.url, calls },
    { ...soon, name: 'fhir', kind: 'fhir', url: fhir.url },
    { ...soon, name: 'hook', kind: 'webhook', url: hook.url, secretFile: files.at('secret') },
  ])
  cleanups.push(() => closeRoom(room))
  await room.critical.start()
  const id = await sign(room, '1.1', 'P1', '右侧<张力性>气胸 & 纵隔左移')
  await settled(room)
  await withdraw(room, id)
  const rows = await settled(room)
  expect(rows.map(({ kind, state, attempts }) => `${kind} ${state} ${attempts}`)).toEqual([
    ...Array.from({ length: 3 }, () => 'notice delivered 2'),
    ...Array.from({ length: 3 }, () => 'cancel delivered 1'),
  ])
  const texts = ({ seen }: { seen: HttpSeen[] }) => seen.map(({ body }) => body.toString())
  for (const peer of [soap, fhir, hook]) {
    expect(peer.seen.length).toBe(3)
    for (const text of texts(peer)) expect(text).toContain(id)
  }
  expect(texts(soap).map((text) => /<CriticalValue(\w+)/.exec(text)?.[1])).toEqual([
    'Notice',
    'Notice',
    'Cancel',
  ])
  expect(texts(soap)[0]).toContain('<content>右侧&lt;张力性&gt;气胸 &amp; 纵隔左移</content>')
  expect(texts(fhir).map((text) => JSON.parse(text).status)).toEqual([
    'in-progress',
    'in-progress',
    'entered-in-error',
  ])
  const hooked = texts(hook).map((text) => JSON.parse(text))
  expect(hooked.map(({ message }) => message.kind)).toEqual(['notice', 'notice', 'cancel'])
  expect(hooked[0].message.id).toBe(hooked[1].message.id)
  expect(hook.seen[0]?.headers['idempotency-key']).toBe(hook.seen[1]?.headers['idempotency-key'])
})
