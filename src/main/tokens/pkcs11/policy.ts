import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import { z } from 'zod'

/**
 * The machine-wide list of PKCS#11 modules that may be loaded. It is written by IT where an ordinary user cannot
 * write; a module is code that runs with the user's rights and sees the PIN.
 */
const Pkcs11Policy = z.strictObject({
  modules: z
    .array(
      z.strictObject({
        path: z.string().refine(isAbsolute, 'must be an absolute path'),
        /** Of the file's bytes, lower-case hex. */
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
        label: z.string().min(1).max(80),
      }),
    )
    .max(20),
})

export type PolicyProblem = 'policy-missing' | 'policy-invalid' | 'module-missing' | 'module-hash-wrong'

export interface PolicyReading {
  /** Paths of the modules whose hash is right. */
  modules: string[]
  /** What is not loaded and why, for the log and for IT. `label` is the policy's own name for the module. */
  problems: { problem: PolicyProblem; label: string }[]
}

/** Reads the policy file and checks each module's hash. Never throws: a machine without a policy has no PKCS#11 tokens. */
export async function readPolicy(file: string): Promise<PolicyReading> {
  const text = await readFile(file, 'utf8').catch(() => null)
  if (text === null) return refused('policy-missing')
  const policy = Pkcs11Policy.safeParse(parseJson(text))
  if (!policy.success) return refused('policy-invalid')
  const reading: PolicyReading = { modules: [], problems: [] }
  for (const module of policy.data.modules) {
    const content = await readFile(module.path).catch(() => null)
    if (content && sha256(content) === module.sha256) reading.modules.push(module.path)
    else {
      const problem = content ? 'module-hash-wrong' : 'module-missing'
      reading.problems.push({ problem, label: module.label })
    }
  }
  return reading
}

function refused(problem: PolicyProblem): PolicyReading {
  return { modules: [], problems: [{ problem, label: '' }] }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}
