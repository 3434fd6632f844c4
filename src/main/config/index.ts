import { readFileSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import { z } from 'zod'

const absolutePath = z.string().min(1).refine(isAbsolute, 'must be an absolute path')

/** The workstation's configuration file. Unknown keys are an error: a misspelt security setting must not pass in silence. */
export const WorkstationConfig = z.strictObject({
  /** Where drafts and the log live. */
  dataDir: absolutePath,
  /** What the workstation is called before it is enrolled, and in the demo. */
  name: z.string().trim().min(1).max(40),
  /** True only for trying the product: allows the Chromium shell and its debugging port. */
  demo: z.boolean(),
  /** The service name in the OS credential vault; another one keeps a test apart from the real workstation. */
  vaultService: z.string().min(1).max(64).default('Vigil'),
  tokens: z.strictObject({
    /** The machine-wide policy file that lists the allowed PKCS#11 modules; null for none. */
    pkcs11Policy: absolutePath.nullable(),
    /** Directories that count as removable media, for machines that mount them elsewhere. */
    mediaDirectories: z.array(absolutePath).max(20),
    /** Whether the operating system's mount points of removable media are looked at too. */
    scanMounts: z.boolean(),
  }),
  /** The built renderer. Where absent the shell's own default is used. */
  rendererDir: absolutePath.optional(),
})
export type WorkstationConfig = z.infer<typeof WorkstationConfig>

/**
 * Reads and checks the configuration file.
 * @throws Error that names the file and each wrong key.
 */
export function loadConfig(file: string): WorkstationConfig {
  const parsed = WorkstationConfig.safeParse(parseJson(file))
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || '(root)'}: ${issue.message}`)
  throw new Error(`workstation configuration ${file}: ${problems.join('; ')}`)
}

function parseJson(file: string): unknown {
  const text = readFileSync(file, 'utf8')
  try {
    return JSON.parse(text)
  } catch {
    throw new Error(`workstation configuration ${file}: not valid JSON`)
  }
}
