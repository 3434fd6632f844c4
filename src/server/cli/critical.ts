import { createInterface } from 'node:readline'
import { Command, Option } from 'commander'
import defaultDictionary from '../../../assets/dictionary/default.json' with { type: 'json' }
import { CriticalDictionary, compileDictionary } from '../../shared/critical/index.ts'
import { ScanLine, scanLine } from '../../shared/critical/scan.ts'
import { storedDictionary } from '../critical/index.ts'
import { withFoundation } from './with-foundation.ts'

export function criticalCommand(): Command {
  const critical = new Command('critical').description('critical values')
  critical
    .command('scan')
    .description('grade findings in texts from standard input')
    .addOption(new Option('--jsonl', 'one JSON object {"id","text","terms"?} a line').makeOptionMandatory())
    .option('--dir <directory>', "by the dictionary in force there, instead of the product's own")
    .action(scan)
  return critical
}

/** Reads lines, writes lines; a wrong line is told with its number on standard error, and the rest goes on. */
async function scan({ dir }: { dir?: string }): Promise<void> {
  const stored = dir === undefined ? null : await withFoundation(dir, storedDictionary)
  const analyzer = compileDictionary(stored ?? CriticalDictionary.parse(defaultDictionary))
  let number = 0
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1
    if (line.trim() === '') continue
    const parsed = ScanLine.safeParse(parseJson(line))
    if (parsed.success) {
      process.stdout.write(`${JSON.stringify(scanLine(parsed.data, analyzer))}\n`)
      continue
    }
    const [issue] = parsed.error.issues
    console.error(
      `line ${number}: ${issue?.path.join('.') || 'not a JSON object'}: ${issue?.message ?? 'wrong'}`,
    )
    process.exitCode = 1
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
