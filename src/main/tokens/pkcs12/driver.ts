import { constants, type KeyObject, sign as signBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { SignatureAlgorithm } from '../../../shared/api/index.ts'
import { VigilError } from '../../../shared/errors/index.ts'
import type { Token } from '../../../shared/ipc/index.ts'
import type { Clock } from '../../../shared/time/clock.ts'
import type { SignRequest, TokenDriver, TokenSignature } from '../driver.ts'
import { chooseCertificate, keyTypeOf } from '../fitness.ts'
import { createWatch } from '../watch.ts'
import { createMediaScan, type MediaFile, mediaFileId } from './media.ts'
import { removableMounts } from './mounts.ts'
import { openPkcs12 } from './open.ts'
import { createTryCounter } from './tries.ts'

export interface Pkcs12Options {
  directories: readonly string[]
  scanMounts: boolean
  clock: Clock
  pollMs?: number
}

/** Signing keys in PKCS#12 files on removable media. The key is in memory for the length of one signature. */
export function createPkcs12Driver(options: Pkcs12Options): TokenDriver {
  const scan = createMediaScan()
  const tries = createTryCounter(options.clock)

  async function files(): Promise<MediaFile[]> {
    const mounts = options.scanMounts ? await removableMounts() : []
    return scan([...options.directories, ...mounts])
  }

  const describe = ({ id, label }: MediaFile): Token => ({
    id,
    kind: 'pkcs12',
    label,
    certificates: [],
    pin: 'ok',
  })

  const watch = createWatch({
    pollMs: options.pollMs ?? 700,
    read: async () => (await files()).map((file) => ({ token: describe(file), insertion: '' })),
  })

  async function sign(request: SignRequest): Promise<TokenSignature> {
    const file = (await files()).find(({ id }) => id === request.tokenId)
    if (!file) throw new VigilError('token-absent')
    const wait = tries.waitMs(file.id)
    if (wait > 0) throw new VigilError('pin-locked', { retryInMs: wait })
    const content = await readFile(file.path).catch(() => null)
    if (!content) throw new VigilError('token-absent')
    if (mediaFileId(file.path, content) !== file.id) throw new VigilError('token-changed')
    const keys = open(file.id, content, request.pin)
    const { key, certificate: leaf, chain } = chooseCertificate(keys, options.clock())
    const algorithm = algorithmFor(keyTypeOf(leaf))
    if (!algorithm) throw new VigilError('token-certificate-unsuitable', { reason: 'key-type' })
    return {
      certificates: chain.map(({ raw }) => new Uint8Array(raw)),
      algorithm,
      signature: signWith(algorithm, key, request.statement(leaf.raw)),
    }
  }

  function open(id: string, content: Uint8Array, pin: Buffer) {
    try {
      const opened = openPkcs12(content, pin)
      tries.right(id)
      return opened
    } catch (error) {
      if (!(error instanceof VigilError) || error.code !== 'pin-wrong') throw error
      tries.wrong(id)
      const wait = tries.waitMs(id)
      throw wait > 0 ? new VigilError('pin-wrong', { retryInMs: wait }) : error
    }
  }

  return {
    list: async () => (await files()).map(describe),
    sign,
    async changePin({ tokenId }) {
      const file = (await files()).find(({ id }) => id === tokenId)
      throw new VigilError(file ? 'pin-change-unsupported' : 'token-absent')
    },
    modules: async () => ({ problem: null, modules: [] }),
    watch: watch.add,
    close: async () => watch.stop(),
  }
}

function algorithmFor(keyType: ReturnType<typeof keyTypeOf>): SignatureAlgorithm | null {
  if (keyType === 'rsa') return 'RSA-PSS-SHA256'
  if (keyType === 'ec-p256') return 'ECDSA-SHA256'
  return keyType === 'ec-p384' ? 'ECDSA-SHA384' : null
}

function signWith(algorithm: SignatureAlgorithm, key: KeyObject, statement: Uint8Array): Buffer {
  if (algorithm === 'RSA-PSS-SHA256') {
    return signBytes('sha256', statement, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 })
  }
  return signBytes(algorithm === 'ECDSA-SHA384' ? 'sha384' : 'sha256', statement, key)
}
