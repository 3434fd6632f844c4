import { describe, expect, it } from 'vitest'
import { exportList, saveAuditReport } from '../../../src/main/exports/index.ts'
import type { SignedIn } from '../../../src/main/session/index.ts'
import { api } from '../../../src/shared/api/index.ts'
import { VigilError } from '../../../src/shared/errors/index.ts'

/** A session whose gateway answers as told, and a shell; what happened, in order. */
function desk(answer: () => void = () => undefined) {
  const happened: string[] = []
  const inFlight = new AbortController()
  const call = (async (_route: object, input: { body: object }) => {
    happened.push(`record ${JSON.stringify(input.body)}`)
    answer()
    return {}
  }) as unknown as SignedIn['call']
  const saved = new Map<string, string>()
  const shell = {
    async pdf() {
      happened.push('pdf')
      return Buffer.from('%PDF')
    },
    async saveFile(fileName: string, content: Uint8Array) {
      happened.push('save')
      saved.set(fileName, Buffer.from(content).toString('utf8'))
      return `/chosen/${fileName}`
    },
  }
  return { happened, inFlight, saved, shell, signedIn: { call, inFlight } }
}

const list = { list: 'dictionary', format: 'csv', rows: 3, fileName: '词典.csv' } as const

describe('a list that leaves the product as a file', () => {
  it('is recorded before it is written, byte for byte', async () => {
    const { signedIn, shell, saved, happened } = desk()
    const content = Buffer.from('\uFEFF代码\r\n', 'utf8').toString('base64')
    expect(await exportList(signedIn, shell, { ...list, content })).toEqual({ path: '/chosen/词典.csv' })
    expect(saved.get('词典.csv')).toBe('\uFEFF代码\r\n')
    expect(happened).toEqual(['record {"list":"dictionary","format":"csv","rows":3}', 'save'])
  })

  it('as PDF is the window itself, taken after the record', async () => {
    const { signedIn, shell, happened } = desk()
    await exportList(signedIn, shell, { ...list, format: 'pdf', fileName: '统计.pdf' })
    expect(happened.map((each) => each.split(' ')[0])).toEqual(['record', 'pdf', 'save'])
  })

  it('is refused before the record where content and format do not go together', async () => {
    const { signedIn, shell, happened } = desk()
    for (const args of [{ ...list }, { ...list, format: 'pdf' as const, content: 'AA==' }])
      await expect(exportList(signedIn, shell, args)).rejects.toMatchObject({ code: 'bad-request' })
    expect(happened).toEqual([])
  })

  it('is not written where the gateway did not record it, or the session was locked meanwhile', async () => {
    const refused = desk(() => {
      throw new VigilError('permission-denied')
    })
    await expect(
      exportList(refused.signedIn, refused.shell, { ...list, content: 'AA==' }),
    ).rejects.toMatchObject({ code: 'permission-denied' })
    const locked = desk(() => locked.inFlight.abort())
    await expect(exportList(locked.signedIn, locked.shell, { ...list, format: 'pdf' })).rejects.toMatchObject(
      { code: 'session-locked' },
    )
    expect([...refused.happened, ...locked.happened].filter((each) => !each.startsWith('record'))).toEqual([])
  })
})

describe('an audit report that leaves the product', () => {
  const params = { id: 's1', format: 'pdf' } as const
  const reportDesk = () => {
    const base = desk()
    const call = (async (route: object, input: object) => {
      base.happened.push(`${route === api.auditReportFile} ${JSON.stringify(input)}`)
      return { name: '审计日报.pdf', base64: Buffer.from('%PDF').toString('base64') }
    }) as unknown as SignedIn['call']
    return { ...base, signedIn: { call, inFlight: base.inFlight } }
  }

  it('is saved as the gateway gives it, by the name that it has there', async () => {
    const { signedIn, shell, saved, happened } = reportDesk()
    expect(await saveAuditReport(signedIn, shell, params)).toEqual({ path: '/chosen/审计日报.pdf' })
    expect(saved.get('审计日报.pdf')).toBe('%PDF')
    expect(happened).toEqual(['true {"params":{"id":"s1","format":"pdf"}}', 'save'])
  })

  it('is not saved where the session was locked meanwhile', async () => {
    const { signedIn, shell, inFlight, happened } = reportDesk()
    inFlight.abort()
    await expect(saveAuditReport(signedIn, shell, params)).rejects.toMatchObject({ code: 'session-locked' })
    expect(happened).not.toContain('save')
  })

  it('cannot name a folder: the contract refuses such a name', () => {
    for (const name of ['../审计.pdf', 'C:\\a.pdf', 'a/b.pdf', 'a\nb.pdf', ''])
      expect(api.auditReportFile.response.safeParse({ name, base64: '' }).success).toBe(false)
  })
})
