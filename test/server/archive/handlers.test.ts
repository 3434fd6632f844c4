import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { TLSSocket } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Archive, archiveHandlers, createArchive } from '../../../src/server/archive/index.ts'
import type { SessionPrincipal } from '../../../src/server/foundation.ts'
import { api } from '../../../src/shared/api/index.ts'
import { place, plainImage } from './dicom-file.ts'
import { objectKeys } from './object-keys.ts'
import { silent } from './shared-files.ts'

describe('archive routes', () => {
  let dir: string
  let archive: Archive
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'vigil-handlers-'))
    await writeFile(join(dir, 'a.dcm'), plainImage(1, 1, 1))
    archive = await createArchive(
      { kind: 'folder', path: '.' },
      { dataDir: dir, protection: objectKeys, clock: Date.now, log: silent },
    )
  })
  afterAll(async () => {
    await archive.close()
    await rm(dir, { recursive: true })
  })

  const at = place(1, 1, 1)
  const principal: SessionPrincipal = {
    kind: 'session',
    sessionId: 's',
    accountId: 'a',
    displayName: '',
    roles: ['radiologist'],
    factor: 'certificate',
    workstationId: 'w',
    clearance: 'general',
    locked: false,
  }
  const rest = {
    principal,
    query: undefined,
    body: undefined,
    socket: new TLSSocket(new PassThrough()),
    address: '127.0.0.1',
    signal: new AbortController().signal,
  }

  it('a frame comes with the transfer syntax it is in', async () => {
    const params = api.frame.params.parse({ ...at, frame: '1' })
    const answer = await archiveHandlers(archive).frame({ ...rest, params } as never)
    expect(answer.contentType).toBe('application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1')
    expect(answer.body).toHaveLength(16)
  })

  it('metadata fits the route', async () => {
    const params = api.seriesMetadata.params.parse({ study: at.study, series: at.series })
    const answer = await archiveHandlers(archive).seriesMetadata({ ...rest, params } as never)
    expect(api.seriesMetadata.response.parse(answer)).toHaveLength(1)
  })
})
