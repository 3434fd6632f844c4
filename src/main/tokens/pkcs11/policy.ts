import { readFile } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import { parseDocument } from 'yaml'
import { z } from 'zod'

const label = z.string().min(1).max(80)

/** A library that may be loaded. */
const Allowed = z.strictObject({
  path: z.string().refine(isAbsolute, 'must be an absolute path'),
  /** Of the file's bytes, lower-case hex. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  label,
  enabled: z.literal(true).optional(),
})

/** An entry kept for later: another system's path and no real hash are allowed, as nothing of it is used. */
const Disabled = z.strictObject({
  path: z.string().min(1).max(400),
  sha256: z.string().max(64).optional(),
  label,
  enabled: z.literal(false),
})

/**
 * The machine-wide list of PKCS#11 modules that may be loaded, YAML 1.2 (JSON is a part of it). It is written by IT
 * where an ordinary user cannot write; a module is code that runs with the user's rights and sees the PIN.
 */
const Pkcs11Policy = z.strictObject({ modules: z.array(z.union([Allowed, Disabled])).max(200) })

export type AllowedModule = z.infer<typeof Allowed>

export interface PolicyReading {
  /** Why there is no list at all. */
  problem: 'policy-missing' | 'policy-invalid' | null
  allowed: AllowedModule[]
  disabled: { path: string; label: string }[]
}

const mostAllowed = 20

/** Reads the policy file. Never throws: a machine without a policy has no PKCS#11 tokens. */
export async function readPolicy(file: string): Promise<PolicyReading> {
  const text = await readFile(file, 'utf8').catch(() => null)
  if (text === null) return noModules('policy-missing')
  const policy = Pkcs11Policy.safeParse(parseYaml(text))
  if (!policy.success) return noModules('policy-invalid')
  const allowed = policy.data.modules.filter((module) => module.enabled !== false)
  const disabled = policy.data.modules.filter((module) => module.enabled === false)
  const paths = new Set(allowed.map(({ path }) => path))
  if (allowed.length > mostAllowed || paths.size < allowed.length) return noModules('policy-invalid')
  return { problem: null, allowed, disabled }
}

/** What a machine without a list has. */
export function noModules(problem: PolicyReading['problem']): PolicyReading {
  return { problem, allowed: [], disabled: [] }
}

function parseYaml(text: string): unknown {
  try {
    const document = parseDocument(text, { version: '1.2', uniqueKeys: true })
    // A list is not made of aliases; without them a small file stays small.
    return document.errors.length > 0 ? null : document.toJS({ maxAliasCount: 0 })
  } catch {
    return null
  }
}
