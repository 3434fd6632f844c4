import { readFile, stat } from 'node:fs/promises'
import type { ServerTls } from '../config/index.ts'
import { refuseWiderThanOwner } from '../protection/index.ts'

/** PEM; with `ca`, clients must show a certificate of one of these. */
export interface ServerTlsFiles {
  cert: string
  key: string
  ca?: string
}

/** What a listener's TLS needs, from its files. @throws Error naming the file that cannot be read, or the key's where others may read it. */
export async function readServerTls({
  certificateFile,
  keyFile,
  clientCaFile,
}: ServerTls): Promise<ServerTlsFiles> {
  refuseWiderThanOwner(keyFile, await stat(keyFile))
  const [cert, key, ca] = await Promise.all([
    readFile(certificateFile, 'utf8'),
    readFile(keyFile, 'utf8'),
    clientCaFile === undefined ? undefined : readFile(clientCaFile, 'utf8'),
  ])
  return { cert, key, ...(ca === undefined ? {} : { ca }) }
}
