import { type AddressInfo, createServer, type Socket } from 'node:net'
import { createBlockReader, frameBlock } from '../../src/server/hl7/mllp.ts'

/**
 * A receiver of alerts that says a lot of words back: it asks for the first message again, and then either takes or refuses
 * all of them.
 */
export async function startUnfriendlyReceiver(words: string, { takes }: { takes: boolean }) {
  const sockets = new Set<Socket>()
  let messages = 0
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    const read = createBlockReader()
    socket.on('data', (chunk) => {
      for (const block of read(chunk)) {
        const id = block.toString().split('|')[9]
        const first = messages++ === 0
        const code = takes && !first ? 'AA' : 'AE'
        const reason = first ? '207' : '101'
        const msh = 'MSH|^~\\&|HIS|H|VIGIL|R|20261122||ACK|1|P|2.5.1'
        const err = code === 'AA' ? '' : `ERR|||${reason}^${words}|E||||${words}\r`
        socket.write(frameBlock(Buffer.from(`${msh}\rMSA|${code}|${id}|${words}\r${err}`)))
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    target: { name: 'his', kind: 'hl7-mllp', host: '127.0.0.1', port, retrySeconds: 0.05 },
    stop() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}
