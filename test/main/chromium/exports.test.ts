import { mkdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { writeExport } from '../../../src/main/chromium/exports.ts'
import { temporary } from '../temporary.ts'

const bytes = (text: string) => Buffer.from(text, 'utf8')

describe('files that the Chromium shell saves', () => {
  it('are readable by their user alone, and never written over', async () => {
    const directory = join(temporary('exports'), 'new')
    const first = await writeExport(directory, '账号.csv', bytes('一'))
    const second = await writeExport(directory, '账号.csv', bytes('二'))
    expect([first, second]).toEqual([join(directory, '账号.csv'), join(directory, '账号 (2).csv')])
    expect(readFileSync(first, 'utf8')).toBe('一')
    expect(readFileSync(second, 'utf8')).toBe('二')
    expect(statSync(first).mode & 0o777).toBe(0o600)
    expect(statSync(directory).mode & 0o777).toBe(0o700)
  })

  it('stay in their directory, whatever they are called', async () => {
    const directory = join(temporary('exports'), 'new')
    mkdirSync(directory)
    for (const name of ['..', '.']) {
      expect(await writeExport(directory, name, bytes('x'))).toBe(join(directory, `${name} (2)`))
    }
  })
})
