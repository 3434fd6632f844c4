import { Readable } from 'node:stream'
import type { Command } from 'commander'
import { vi } from 'vitest'
import { backupCommand } from '../../../src/server/cli/backup.ts'
import { keysCommand } from '../../../src/server/cli/keys.ts'

export interface Said {
  /** Exit code of the process. */
  code: number
  said: string
}

/** `vigil backup …`, as the command line has it, in this process: some seconds cheaper than one of its own. */
export const vigilBackup = (...args: string[]): Promise<Said> => given(backupCommand(), args)

/** `vigil keys …` with what is typed on standard input. */
export const vigilKeys = (typed: string, ...args: string[]): Promise<Said> =>
  given(keysCommand(Readable.from([typed])), args)

async function given(command: Command, args: readonly string[]): Promise<Said> {
  const lines: string[] = []
  // Of an option that is wrong it is the subcommand that speaks, and would end the process.
  for (const one of [command, ...command.commands])
    one.exitOverride().configureOutput({ writeErr: (line) => void lines.push(line) })
  const spies = [
    vi.spyOn(console, 'log').mockImplementation((line: unknown) => void lines.push(String(line))),
    vi.spyOn(console, 'error').mockImplementation(() => {}),
  ]
  const before = process.exitCode
  process.exitCode = 0
  try {
    await command.parseAsync(args, { from: 'user' })
    return { code: Number(process.exitCode), said: lines.join('\n') }
  } catch (error) {
    return { code: 1, said: [...lines, error instanceof Error ? error.message : 'failed'].join('\n') }
  } finally {
    process.exitCode = before
    for (const spy of spies) spy.mockRestore()
  }
}
