import { z } from 'zod'

/** Where the master key comes from. */
export const MasterKeyConfig = z.discriminatedUnion('kind', [
  /** `master.key` in the data directory, mode 0600, or another file. */
  z.strictObject({ kind: z.literal('file'), path: z.string().min(1).optional() }),
  /** An AES key in a hardware security module; it never leaves it. */
  z.strictObject({
    kind: z.literal('pkcs11'),
    module: z.string().min(1),
    tokenLabel: z.string().min(1).max(32),
    keyLabel: z.string().min(1).max(64),
    /** File that holds the PIN, mode 0600. */
    pinFile: z.string().min(1),
  }),
  /** Base64 in an environment variable, as a key management service's agent sets it. */
  z.strictObject({
    kind: z.literal('environment'),
    variable: z
      .string()
      .regex(/^[A-Z][A-Z0-9_]*$/)
      .default('VIGIL_MASTER_KEY'),
  }),
])
export type MasterKeyConfig = z.infer<typeof MasterKeyConfig>

/** A library's own name (`libsofthsm2.so`) is the system's to find. */
export function withAbsoluteKeyFiles(key: MasterKeyConfig, at: (path: string) => string): MasterKeyConfig {
  if (key.kind === 'file') return key.path === undefined ? key : { ...key, path: at(key.path) }
  if (key.kind === 'environment') return key
  const { module, pinFile } = key
  return { ...key, module: /[/\\]/.test(module) ? at(module) : module, pinFile: at(pinFile) }
}
