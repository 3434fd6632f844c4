import { connect, createServer, type Socket } from 'node:net'

/** A line to a server on loopback that can be cut: after so many more bytes towards it, or for good. */
export async function openCuttingProxy(to: number) {
  const sockets = new Set<Socket>()
  const line = { left: Number.POSITIVE_INFINITY, passed: 0, damage: false }
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1')
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        near.destroy()
        far.destroy()
      })
    }
    if (line.left <= 0) return near.destroy()
    far.pipe(near)
    near.on('data', (bytes: Buffer) => {
      line.left -= bytes.length
      line.passed += bytes.length
      if (line.left <= 0) near.destroy()
      else far.write(bytes)
    })
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return {
    line,
    port: (server.address() as { port: number }).port,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
