import { execFileSync } from 'node:child_process'
import { createHash, X509Certificate } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { AllowedModule } from '../../../src/main/tokens/pkcs11/policy.ts'
import { temporary } from '../temporary.ts'
import { makeKey } from './softhsm.ts'

export const compilerMissing = existsSync('/usr/bin/gcc') ? false : 'gcc is not installed'

/** A vendor's library made to misbehave: fake-module.c compiled with these definitions. */
export function compileModule(
  label: string,
  definitions: Record<string, number | true> = {},
): { module: AllowedModule; state: string } {
  const dir = temporary('fake-module')
  const path = join(dir, `${label}.so`)
  const flags = Object.entries(definitions).map(([name, value]) => `-D${name}=${Number(value)}`)
  const include = resolve('node_modules/pkcs11js/includes/pkcs11')
  const texts = [`-DSTATE="${dir}"`, `-DLABEL="${label}"`]
  const source = join(import.meta.dirname, 'fake-module.c')
  execFileSync('gcc', ['-shared', '-fPIC', '-w', '-I', include, ...texts, ...flags, source, '-o', path])
  const { certFile } = makeKey(dir, 'key', 'p256')
  writeFileSync(join(dir, 'certificate.der'), new X509Certificate(readFileSync(certFile)).raw)
  return { module: allow(path, label), state: dir }
}

/** The policy's entry for a file as it is now. */
export function allow(path: string, label: string): AllowedModule {
  return { path, label, sha256: createHash('sha256').update(readFileSync(path)).digest('hex') }
}
