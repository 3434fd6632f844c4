import { certificateFrom } from '../../../src/server/identity/index.ts'
import type { OfficerRole } from '../../../src/shared/access/index.ts'
import type { Api } from '../../../src/shared/api/index.ts'
import type { Answer, Call } from '../channel.ts'
import { startGateway, type TestPerson, type TestSession, type TestWorkstation } from '../gateway-harness.ts'

export const by = { kind: 'cli', id: 'test' } as const

export interface Officer extends TestPerson, Pick<TestSession, 'id'> {
  fingerprint: string
  call(name: keyof Api, call?: Call): Promise<Answer>
}

/** A gateway with its three officers signed in, one workstation each. */
export async function officersAtWork(options: Parameters<typeof startGateway>[0] = {}) {
  const gateway = await startGateway(options)
  const desk = await gateway.workstation('officers desk')

  async function officer(role: OfficerRole, loginName: string, at = desk): Promise<Officer> {
    const person = await gateway.person(loginName, { roles: [role] })
    const session = await gateway.session(at, person)
    return { ...person, id: session.id, call: session.channel.call }
  }

  return {
    gateway,
    desk: desk as TestWorkstation,
    officer,
    administrator: await officer('system-administrator', 'zhao.jing'),
    security: await officer('security-officer', 'zhou.hai'),
    auditor: await officer('auditor', 'sun.jie'),
    /** A new key of the hospital's, as PEM. */
    async key(more: { notBefore?: number; notAfter?: number } = {}) {
      const key = await gateway.hospital.issue({ commonName: 'new key', keyType: 'P-256', ...more })
      const signer = { ...key, algorithm: 'ECDSA-SHA256' } as const
      return { ...key, signer, fingerprint: certificateFrom(key.certificateDer).fingerprint }
    },
  }
}

export type OfficersAtWork = Awaited<ReturnType<typeof officersAtWork>>
