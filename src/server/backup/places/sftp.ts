import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFile, stat } from 'node:fs/promises'
import { createConnection, type Socket } from 'node:net'
import { posix } from 'node:path'
import SftpClient from 'ssh2-sftp-client'
import type { GatewayConfig } from '../../config/index.ts'
import { refuseWiderThanOwner } from '../../protection/index.ts'
import { type Place, PlaceError } from './place.ts'

type SftpConfig = Extract<GatewayConfig['backup']['offSite'][number], { kind: 'sftp' }>

const connectMs = 15_000
const step = 32_768

/**
 * A directory of an SFTP server: by key, and only where the server shows the pinned host key. What was cut off is gone on
 * with where it stopped; nothing that is whole is written again or renamed.
 */
export function sftpPlace(config: SftpConfig): Place {
  const { name } = config
  let connecting: Promise<SftpClient> | null = null
  const folders = new Set<string>()
  const at = (key: string) => posix.join(config.directory, key)

  async function connect(): Promise<SftpClient> {
    const privateKey = await secretFile(config.keyFile)
    let wrongHostKey = false
    // What happens between calls is seen by the next call.
    const sock = await openSocket()
    const client = new SftpClient(name, { error: forget, end: forget, close: forget })
    try {
      await client.connect({
        sock,
        username: config.username,
        privateKey,
        readyTimeout: connectMs,
        keepaliveInterval: 5000,
        keepaliveCountMax: 3,
        retries: 0,
        hostVerifier: (key: Buffer) => {
          const shown = `SHA256:${createHash('sha256').update(key).digest('base64')}`
          wrongHostKey = bare(shown) !== bare(config.hostKey)
          return !wrongHostKey
        },
      })
      return client
    } catch (cause) {
      await client.end().catch(() => undefined)
      sock.destroy()
      if (wrongHostKey) throw new PlaceError(name, 'host-key-wrong')
      const refused = /authentication/i.test(String((cause as Error).message))
      throw new PlaceError(name, refused ? 'refused' : 'unreachable', { cause })
    }
  }

  /** Small questions and answers go to and fro: none is to wait for another. */
  async function openSocket(): Promise<Socket> {
    const socket = createConnection({ host: config.host, port: config.port, noDelay: true })
    socket.setTimeout(connectMs, () => socket.destroy(new Error('no answer')))
    try {
      await once(socket, 'connect')
    } catch (cause) {
      socket.destroy()
      throw new PlaceError(name, 'unreachable', { cause })
    }
    socket.setTimeout(0)
    // Told by what is asked of it next.
    socket.on('error', () => undefined)
    return socket
  }

  async function secretFile(file: string): Promise<Buffer> {
    try {
      refuseWiderThanOwner(file, await stat(file))
      return await readFile(file)
    } catch (cause) {
      throw new PlaceError(name, 'secret-unreadable', { cause })
    }
  }

  function forget(): void {
    connecting = null
    folders.clear()
  }

  async function client(): Promise<SftpClient> {
    connecting ??= connect()
    try {
      return await connecting
    } catch (error) {
      forget()
      throw error
    }
  }

  /** Every failure has a code of ours; `absent` gives null. */
  async function asked<T>(work: (client: SftpClient) => Promise<T>): Promise<T | null> {
    const connected = await client()
    try {
      return await work(connected)
    } catch (cause) {
      if (cause instanceof PlaceError || (cause as Error).name === 'AbortError') throw cause
      const code = (cause as { code?: unknown }).code
      if (code === 'ENOENT' || code === 2) return null
      if (code === 'EACCES' || code === 3 || code === 4) throw new PlaceError(name, 'refused', { cause })
      throw new PlaceError(name, 'cut-off', { cause })
    }
  }

  const size = async (key: string) =>
    asked(async (sftp) => {
      const { size: bytes } = await sftp.stat(at(key))
      return bytes
    })

  async function ensureFolder(sftp: SftpClient, folder: string): Promise<void> {
    if (folders.has(folder)) return
    if (!(await sftp.exists(folder))) await sftp.mkdir(folder, true)
    folders.add(folder)
  }

  return {
    name,
    size,
    async names(prefix) {
      const list = await asked((sftp) => sftp.list(at(prefix)))
      return (list ?? []).map((entry) => entry.name).sort()
    },
    async get(key) {
      const content = await asked((sftp) => sftp.get(at(key)))
      if (content === null) throw new PlaceError(name, 'absent')
      return content as Buffer
    },
    async put(key, bytes, { signal, pace } = {}) {
      const there = (await size(key)) ?? 0
      if (there > bytes.length) throw new PlaceError(name, 'exists')
      await asked(async (sftp) => {
        await ensureFolder(sftp, posix.dirname(at(key)))
        const stream = sftp.createWriteStream(at(key), { flags: 'a', mode: 0o600 })
        const failed = new Promise<never>((_, reject) => stream.once('error', reject))
        const closed = new Promise<void>((resolve) => stream.once('close', () => resolve()))
        const cutOff = closed.then(() => {
          throw new PlaceError(name, 'cut-off')
        })
        for (const seenToLater of [failed, cutOff]) seenToLater.catch(() => undefined)
        try {
          for (let from = there; from < bytes.length; from += step) {
            signal?.throwIfAborted()
            const part = bytes.subarray(from, from + step)
            await pace?.(part.length)
            const written = new Promise<void>((resolve, reject) =>
              stream.write(part, (error) => (error ? reject(error) : resolve())),
            )
            await Promise.race([written, failed, cutOff])
          }
          stream.end()
          await Promise.race([closed, failed])
        } catch (error) {
          stream.destroy()
          throw error
        }
      })
      if ((await size(key)) !== bytes.length) throw new PlaceError(name, 'cut-off')
    },
    async remove(key) {
      await asked(async (sftp) => {
        await sftp.delete(at(key), true)
        const folder = posix.dirname(at(key))
        if ((await sftp.list(folder)).length === 0)
          await sftp.rmdir(folder).then(() => folders.delete(folder))
      })
    },
    async close() {
      const open = connecting
      forget()
      const connected = await open?.catch(() => null)
      await connected?.end().catch(() => undefined)
    },
  }
}

const bare = (fingerprint: string) => fingerprint.replace(/=+$/, '')
