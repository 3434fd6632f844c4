import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { z } from 'zod'
import { Order } from '../../shared/order/index.ts'

/** A file of orders cannot be taken in; the message names file, index, field and what is wrong, never a value. */
export class OrdersFileError extends Error {
  constructor(file: string, problems: readonly string[]) {
    super(`${basename(file)}:\n${problems.map((problem) => `  ${problem}`).join('\n')}`)
    this.name = 'OrdersFileError'
  }
}

/** Enough to see what is wrong with the file; not a flood. */
const problemsShown = 20

/**
 * Reads a JSON file that holds an array of orders (UTF-8).
 * @throws OrdersFileError listing what is wrong, each with the order's index and the field.
 */
export async function readOrdersFile(file: string): Promise<Order[]> {
  const text = await readFile(file, 'utf8')
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch {
    // JSON.parse's own message repeats part of the text, which may hold a name.
    throw new OrdersFileError(file, ['is not JSON'])
  }
  const parsed = z.array(Order).safeParse(content)
  if (parsed.success) return parsed.data
  throw new OrdersFileError(
    file,
    parsed.error.issues.slice(0, problemsShown).map(({ path: [index, ...field], message }) => {
      if (index === undefined) return message
      return `order ${String(index)}${field.length > 0 ? `, ${field.map(String).join('.')}` : ''}: ${message}`
    }),
  )
}
