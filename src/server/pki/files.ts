import { readdir } from 'node:fs/promises'

/** The name of a generation's files, without extension. The first has no number: it is as `vigil init` made it. */
export function fileName(name: string, generation: number): string {
  return generation === 1 ? name : `${name}.${generation}`
}

/** Every generation that left a file, in order; one whose making was interrupted counts, so that its number is not used again. */
export async function generationsOnDisk(dir: string, name: string): Promise<number[]> {
  const found = new Set<number>()
  for (const file of await readdir(dir)) {
    const match = /^([a-z-]+)(?:\.([1-9]\d*))?\.(?:pem|key)$/.exec(file)
    if (match?.[1] === name) found.add(Number(match[2] ?? 1))
  }
  return [...found].sort((a, b) => a - b)
}

/** The number for the next generation of a CA or certificate. */
export async function nextGeneration(dir: string, name: string): Promise<number> {
  return Math.max(0, ...(await generationsOnDisk(dir, name))) + 1
}
