import { readFileSync, statSync } from 'node:fs'
import type { ConnectionOptions } from 'node:tls'
import type { ClientTls } from '../../config/index.ts'
import { refuseWiderThanOwner } from '../../protection/index.ts'

/** A secret from its file, without the line break at its end. @throws Error naming the file where it is missing, empty or readable by others. */
export function readSecret(file: string): string {
  refuseWiderThanOwner(file, statOf(file))
  const secret = readText(file).trim()
  if (secret === '') throw new Error(`${file}: empty`)
  return secret
}

/** A secret that goes into an HTTP header. @throws Error naming the file, likewise where a header could not hold it */
export function readHeaderSecret(file: string): string {
  const secret = readSecret(file)
  if (!/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(secret))
    throw new Error(`${file}: not fit for a header`)
  return secret
}

/** @throws Error naming the file */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw unreadable(file, error)
  }
}

/** What TLS needs of a target's configuration: 1.2 at least, the other side always verified. @throws Error naming the file */
export function tlsOptions(tls: ClientTls | undefined): ConnectionOptions {
  const { caFile, certificateFile, keyFile, serverName } = tls ?? {}
  if (keyFile) refuseWiderThanOwner(keyFile, statOf(keyFile))
  return {
    minVersion: 'TLSv1.2',
    rejectUnauthorized: true,
    ...(caFile ? { ca: readText(caFile) } : {}),
    ...(certificateFile ? { cert: readText(certificateFile) } : {}),
    ...(keyFile ? { key: readText(keyFile) } : {}),
    ...(serverName ? { servername: serverName } : {}),
  }
}

function statOf(file: string) {
  try {
    return statSync(file)
  } catch (error) {
    throw unreadable(file, error)
  }
}

function unreadable(file: string, error: unknown): Error {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
  return new Error(`${file}: ${code === 'ENOENT' ? 'missing' : code}`)
}
