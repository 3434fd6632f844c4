import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { buildsOf, fits } from '../../../src/main/tokens/pkcs11/architecture.ts'

function elf(bits: 32 | 64, machine: number, bigEndian = false): Buffer {
  const file = Buffer.alloc(64)
  file.writeUInt32BE(0x7f454c46)
  file[4] = bits === 64 ? 2 : 1
  file[5] = bigEndian ? 2 : 1
  if (bigEndian) file.writeUInt16BE(machine, 18)
  else file.writeUInt16LE(machine, 18)
  return file
}

function pe(machine: number): Buffer {
  const file = Buffer.alloc(256)
  file.write('MZ', 'latin1')
  file.writeUInt32LE(0x80, 0x3c)
  file.write('PE\0\0', 0x80, 'latin1')
  file.writeUInt16LE(machine, 0x84)
  return file
}

function machO(cpu: number): Buffer {
  const file = Buffer.alloc(32)
  file.writeUInt32LE(0xfeedfacf)
  file.writeUInt32LE(cpu, 4)
  return file
}

function universal(...cpus: number[]): Buffer {
  const file = Buffer.alloc(8 + 20 * cpus.length)
  file.writeUInt32BE(0xcafebabe)
  file.writeUInt32BE(cpus.length, 4)
  for (const [index, cpu] of cpus.entries()) file.writeUInt32BE(cpu, 8 + 20 * index)
  return file
}

describe('what a library file was built for', () => {
  it('reads the program that runs this test', () => {
    const builds = buildsOf(readFileSync(process.execPath).subarray(0, 4096))
    expect(fits(builds, process.platform, process.arch)).toBe(true)
  })

  it.each([
    ['64-bit ELF', elf(64, 62), 'linux', 'x64', true],
    ['64-bit ELF for ARM', elf(64, 183), 'linux', 'arm64', true],
    ['LoongArch ELF', elf(64, 258), 'linux', 'loong64', true],
    ['ELF of another processor', elf(64, 183), 'linux', 'x64', false],
    ['32-bit ELF', elf(32, 3), 'linux', 'x64', false],
    ['32-bit pointers on a 64-bit processor (x32)', elf(32, 62), 'linux', 'x64', false],
    ['big-endian ELF', elf(64, 21, true), 'linux', 'x64', false],
    ['ELF on Windows', elf(64, 62), 'win32', 'x64', false],
    ['64-bit PE', pe(0x8664), 'win32', 'x64', true],
    ['32-bit PE', pe(0x14c), 'win32', 'x64', false],
    ['PE for ARM', pe(0xaa64), 'win32', 'arm64', true],
    ['Mach-O for Apple silicon', machO(0x0100000c), 'darwin', 'arm64', true],
    ['Mach-O for Intel', machO(0x01000007), 'darwin', 'arm64', false],
    ['universal Mach-O', universal(0x01000007, 0x0100000c), 'darwin', 'arm64', true],
    ['universal Mach-O without this processor', universal(7, 0x01000007), 'darwin', 'arm64', false],
    ['text', Buffer.from('library'), 'linux', 'x64', false],
    ['nothing', Buffer.alloc(0), 'linux', 'x64', false],
    ['ELF cut off', elf(64, 62).subarray(0, 19), 'linux', 'x64', false],
    ['PE whose header is elsewhere', pe(0x8664).fill(0xff, 0x3c, 0x40), 'win32', 'x64', false],
  ])('%s', (_, header, platform, arch, loadable) => {
    expect(fits(buildsOf(header), platform, arch)).toBe(loadable)
  })
})
