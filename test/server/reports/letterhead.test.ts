import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { GatewayConfig } from '../../../src/server/config/index.ts'
import { readLetterhead } from '../../../src/server/reports/index.ts'
import { aPng } from './pngs.ts'

let dir: string
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'vigil-letterhead-'))
})
afterAll(() => rmSync(dir, { recursive: true }))

const letterhead = (content: object, hospital = '') =>
  readLetterhead(GatewayConfig.parse({ hospital, letterhead: content }))

it('the letterhead says what is configured, with the logo as the window can show it', async () => {
  const logoFile = join(dir, 'logo.png')
  const png = aPng(40, 40)
  writeFileSync(logoFile, png)
  expect(await letterhead({ department: '放射科', title: '检查报告单', logoFile }, '示范医院')).toEqual({
    hospital: '示范医院',
    department: '放射科',
    title: '检查报告单',
    note: '',
    logo: `data:image/png;base64,${png.toString('base64')}`,
  })
  expect(await letterhead({})).toEqual({ hospital: '', department: '', title: '', note: '', logo: '' })
})

it('a logo that is missing, too large or no PNG is named at the start', async () => {
  await expect(letterhead({ logoFile: join(dir, 'none.png') })).rejects.toThrow('none.png')
  for (const [name, content] of [
    ['page.svg', '<svg onload="alert(1)"/>'],
    ['large.png', Buffer.alloc(200_001)],
  ] as const) {
    writeFileSync(join(dir, name), content)
    await expect(letterhead({ logoFile: join(dir, name) })).rejects.toThrow(name)
  }
})
