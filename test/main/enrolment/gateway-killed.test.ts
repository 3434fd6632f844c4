import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { projectRoot } from '../../../demo/places.ts'
import { freePorts } from '../../../demo/ports.ts'
import { type Running, startGateway } from '../../../demo/processes.ts'
import { certificateRequest, createGateway, enrol, newKey } from '../../../src/main/channel/index.ts'
import type { WorkstationIdentity } from '../../../src/main/vault/index.ts'
import { failureOf } from '../../../src/shared/errors/index.ts'
import { temporary } from '../temporary.ts'

/** `vigil serve` as a process, killed outright around a renewal and beside rotations. */

const dir = temporary('killed-gateway')
let running: Running
const vigil = (...args: string[]) =>
  execFileSync(process.execPath, ['src/server/cli/vigil.ts', ...args, '--dir', dir], {
    cwd: projectRoot,
    encoding: 'utf8',
    stdio: 'pipe',
  })

async function enrolHere(name: string): Promise<WorkstationIdentity> {
  const ticket = vigil('workstation', 'enrol-code').trim()
  let identity: WorkstationIdentity | null = null
  await expect
    .poll(
      async () => {
        identity = await enrol(ticket, name).catch(() => null)
        return identity !== null
      },
      { timeout: 40_000, interval: 200 },
    )
    .toBe(true)
  if (!identity) throw new Error('not enrolled')
  return identity
}

/** The code of the refusal, or `good`. */
async function standing(identity: WorkstationIdentity): Promise<string> {
  const gateway = createGateway(identity, { clock: Date.now, random: randomBytes })
  const code = await gateway.check().then(
    () => 'good',
    (error) => failureOf(error).code,
  )
  gateway.close()
  return code
}

async function renewed(identity: WorkstationIdentity): Promise<WorkstationIdentity> {
  const gateway = createGateway(identity, { clock: Date.now, random: randomBytes })
  const key = newKey()
  const answer = await gateway.renew(certificateRequest(key, identity.workstationId))
  gateway.close()
  return { ...identity, ...answer, key }
}

async function killAndStart(): Promise<void> {
  running.process.kill('SIGKILL')
  await running.ended
  running = await startGateway(dir)
}

beforeAll(async () => {
  const [apiPort, enrolmentPort] = await freePorts(2)
  writeFileSync(join(dir, 'vigil.yaml'), stringify({ listen: { apiPort, enrolmentPort } }))
  vigil('init')
  running = await startGateway(dir)
})
afterAll(() => running.stop())

describe('a gateway killed around a renewal', { timeout: 180_000 }, () => {
  it('after it answered: both certificates are good, until the new one is used', async () => {
    const old = await enrolHere('一')
    const next = await renewed(old)
    await killAndStart()
    expect(await standing(old)).toBe('good')
    expect(await standing(next)).toBe('good')
    await killAndStart()
    expect(await standing(old)).toBe('workstation-unknown')
    expect(await standing(next)).toBe('good')
  })

  it('while it answers: the old one is good in any case', async () => {
    const old = await enrolHere('二')
    for (let attempt = 0; attempt < 3; attempt++) {
      const answer = renewed(old).catch(() => null)
      await new Promise((resolve) => setTimeout(resolve, attempt * 4))
      await killAndStart()
      const next = await answer
      expect(await standing(old)).toBe('good')
      if (next && attempt === 2) expect(await standing(next)).toBe('good')
    }
  })

  it('after a rotation step: what was in force is in force', async () => {
    const workstation = await enrolHere('三')
    vigil('pki', 'rotate', 'workstation-ca', '--begin')
    vigil('pki', 'rotate', 'server')
    await killAndStart()
    expect(vigil('pki', 'status')).toMatch(/gateway-server 2 +in use/)
    expect(await standing(workstation)).toBe('good')
    const next = await renewed(workstation)
    expect(await standing(next)).toBe('good')
    vigil('pki', 'rotate', 'workstation-ca', '--finish', '--force')
    await expect.poll(() => standing(workstation), { timeout: 20_000 }).not.toBe('good')
    expect(await standing(next)).toBe('good')
    await killAndStart()
    expect(await standing(next)).toBe('good')
    expect(await standing(workstation)).not.toBe('good')
    expect(vigil('audit', 'verify')).toContain('chain whole')
  })
})
