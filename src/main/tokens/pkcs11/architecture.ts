/** Which kind of program file the operating system loads, and for which processor (node's names). */
export interface Build {
  format: 'elf' | 'pe' | 'mach-o'
  arch: string
}

/** How much of a file's beginning tells what it is: a PE header may stand behind a DOS program of some size. */
export const headerBytes = 4096

/**
 * The builds that a library file holds, by its header: one for ELF (System V ABI, ch. 4) and PE (Microsoft PE format,
 * COFF file header), one or more for Mach-O (loader.h, fat.h). Empty where the file is none of these.
 */
export function buildsOf(header: Uint8Array): Build[] {
  const view = Buffer.from(header.buffer, header.byteOffset, header.length)
  try {
    return elf(view) ?? pe(view) ?? machO(view) ?? []
  } catch (error) {
    if (error instanceof RangeError) return [] // cut off within its own header
    throw error
  }
}

/** Whether this process could load it. A 32-bit library in a 64-bit process is the usual mishap on Windows. */
export function fits(builds: readonly Build[], platform: string, arch: string): boolean {
  const format = platform === 'win32' ? 'pe' : platform === 'darwin' ? 'mach-o' : 'elf'
  return builds.some((build) => build.format === format && build.arch === arch)
}

const none = 'other'

function elf(file: Buffer): Build[] | null {
  if (file.readUInt32BE(0) !== 0x7f454c46) return null
  const wide = file[4] === 2
  const machine = file[5] === 2 ? file.readUInt16BE(18) : file.readUInt16LE(18)
  const wideNames: Record<number, string> = { 62: 'x64', 183: 'arm64', 243: 'riscv64', 258: 'loong64' }
  const narrowNames: Record<number, string> = { 3: 'ia32', 40: 'arm' }
  return [{ format: 'elf', arch: (wide ? wideNames : narrowNames)[machine] ?? none }]
}

function pe(file: Buffer): Build[] | null {
  if (file.toString('latin1', 0, 2) !== 'MZ') return null
  const at = file.readUInt32LE(0x3c)
  if (file.readUInt32BE(at) !== 0x50450000) return null
  const names: Record<number, string> = { 34404: 'x64', 332: 'ia32', 43620: 'arm64' }
  return [{ format: 'pe', arch: names[file.readUInt16LE(at + 4)] ?? none }]
}

function machO(file: Buffer): Build[] | null {
  const build = (cpu: number): Build => {
    const names: Record<number, string> = { 16777223: 'x64', 16777228: 'arm64', 7: 'ia32' }
    return { format: 'mach-o', arch: names[cpu] ?? none }
  }
  const magic = file.readUInt32BE(0)
  if (magic === 0xcffaedfe || magic === 0xcefaedfe) return [build(file.readUInt32LE(4))]
  const entry = magic === 0xcafebabe ? 20 : magic === 0xcafebabf ? 32 : 0
  if (entry === 0) return null
  const count = Math.min(file.readUInt32BE(4), 16)
  return Array.from({ length: count }, (_, index) => build(file.readUInt32BE(8 + index * entry)))
}
