import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const module =
  ['/usr/lib/softhsm/libsofthsm2.so', '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so'].find((path) =>
    existsSync(path),
  ) ?? ''
export const softHsmMissing =
  module === '' || !existsSync('/usr/bin/softhsm2-util') ? 'softhsm2 is not installed' : ''

/** A SoftHSM2 of its own in `dir`, with one empty token. Its library finds it by SOFTHSM2_CONF. */
export function makeHsm(dir: string, { tokenLabel = 'vigil', pin = '73915264' } = {}) {
  const tokens = join(dir, 'tokens')
  mkdirSync(tokens)
  const conf = join(dir, 'softhsm2.conf')
  writeFileSync(conf, `directories.tokendir = ${tokens}\nobjectstore.backend = file\nlog.level = ERROR\n`)
  const pinFile = join(dir, 'hsm-pin')
  writeFileSync(pinFile, `${pin}\n`, { mode: 0o600 })
  const env = { ...process.env, SOFTHSM2_CONF: conf }
  const initialise = (label: string) =>
    execFileSync(
      'softhsm2-util',
      ['--init-token', '--free', '--label', label, '--pin', pin, '--so-pin', '8675309'],
      {
        env,
        stdio: 'pipe',
      },
    )
  initialise(tokenLabel)
  return {
    conf,
    pin,
    pinFile,
    key: { module, tokenLabel, keyLabel: 'vigil-master', pinFile },
    initialise,
    /** The token is pulled out, for good. */
    removeTokens() {
      for (const name of readdirSync(tokens)) rmSync(join(tokens, name), { recursive: true })
    },
  }
}
