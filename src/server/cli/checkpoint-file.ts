import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { CheckpointFile } from '../audit/index.ts'

/** A checkpoint alone is some two kilobytes. */
const mostAlone = 65_536
const messageId = 'VIGIL-CHECKPOINT'

/**
 * The signed checkpoints in a file: one as `vigil audit checkpoint` writes it, or all that a log server's file has among its messages.
 * @throws Error naming the file where it holds none.
 */
export async function readCheckpoints(file: string): Promise<CheckpointFile[]> {
  if ((await stat(file)).size <= mostAlone) {
    const alone = parsed(await readFile(file, 'utf8'))
    if (alone) return [alone]
  }
  const found: CheckpointFile[] = []
  for await (const line of createInterface({ input: createReadStream(file, 'utf8') })) {
    if (!line.includes(messageId)) continue
    const [, text] = /\]\s*\uFEFF?(\{.*)$/.exec(line) ?? []
    const one = text === undefined ? null : parsed(text)
    if (one) found.push(one)
  }
  if (found.length === 0) throw new Error(`${file}: holds no checkpoint`)
  return found
}

function parsed(text: string): CheckpointFile | null {
  try {
    return CheckpointFile.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}
