import { readFile, stat } from 'node:fs/promises'
import type { Logger } from 'pino'
import { type Certificate, pemCertificates } from './certificate.ts'

/** The hospital's user CAs, from PEM files that are read again when they change: a new CA is added without a restart. */
export interface Anchors {
  current(): Promise<readonly Certificate[]>
}

/** @throws Error naming the file that is missing or holds something else than CA certificates. */
export async function createAnchors(files: readonly string[], log: Logger): Promise<Anchors> {
  const read = new Map<string, { stamp: string; anchors: Certificate[] }>()

  async function load(file: string): Promise<Certificate[]> {
    const { mtimeMs, size, ino } = await stat(file)
    const stamp = `${mtimeMs}/${size}/${ino}`
    const known = read.get(file)
    if (known?.stamp === stamp) return known.anchors
    const anchors = await readAnchors(file)
    read.set(file, { stamp, anchors })
    return anchors
  }

  for (const file of files) await load(file)
  return {
    async current() {
      const all = await Promise.all(
        files.map((file) =>
          // A file that is being replaced: what it held before goes on.
          load(file).catch(() => {
            log.warn({ file }, 'user CA file is not readable')
            return read.get(file)?.anchors ?? []
          }),
        ),
      )
      return all.flat()
    },
  }
}

async function readAnchors(file: string): Promise<Certificate[]> {
  const anchors = pemCertificates(await readFile(file, 'utf8'))
  if (anchors.length === 0) throw new Error(`${file}: holds no certificate`)
  if (!anchors.every((anchor) => anchor.isCa))
    throw new Error(`${file}: holds a certificate that is not a CA's`)
  return anchors
}
