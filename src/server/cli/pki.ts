import { Command } from 'commander'
import { dataDirectory } from '../data-directory/index.ts'
import type { Foundation } from '../foundation.ts'
import {
  type AuthorityName,
  authorityNames,
  isUnderWay,
  openPki,
  type Pki,
  pkiCertificates,
} from '../pki/index.ts'
import { cliActor } from './actor.ts'
import { withFoundation } from './with-foundation.ts'

/** The gateway's own certificates: see docs/operations/certificates.md. */
export function pkiCommand(): Command {
  const pki = new Command('pki').description("the gateway's certificates and certification authorities")
  pki
    .command('status')
    .description('every certificate of the gateway, and until when it is good')
    .requiredOption('--dir <directory>', 'the data directory')
    .action(({ dir }: { dir: string }) => withPki(dir, printStatus))
  const rotate = pki.command('rotate').description('replace a certificate, with overlap; see pki status')
  rotate
    .command('server')
    .description('a new key and certificate for the names in vigil.yaml')
    .requiredOption('--dir <directory>', 'the data directory')
    .action(({ dir }: { dir: string }) =>
      withPki(dir, async ({ rotation }) => {
        const { server } = await rotation.server(cliActor())
        console.log(`server certificate ${server} is in use within seconds`)
      }),
    )
  rotate.addCommand(rotateCommand('gateway-ca', true))
  rotate.addCommand(rotateCommand('workstation-ca'))
  rotate.addCommand(rotateCommand('session-ca'))
  return pki
}

interface Steps {
  dir: string
  begin?: boolean
  finish?: boolean
  retire?: boolean
  force?: boolean
}

function rotateCommand(name: AuthorityName, retires = false): Command {
  const command = new Command(name)
    .description(retires ? 'in three steps: --begin, --finish, --retire' : 'in two steps: --begin, --finish')
    .requiredOption('--dir <directory>', 'the data directory')
    .option('--begin', 'make the successor')
    .option('--finish', retires ? 'use the successor' : 'no longer accept the predecessor')
    .option('--force', 'finish although somebody would be shut out')
  if (retires) command.option('--retire', 'no longer announce the predecessor')
  return command.action(async ({ dir, begin, finish, retire, force = false }: Steps) => {
    if ([begin, finish, retire].filter(Boolean).length !== 1)
      throw new Error(`rotate ${name}: one of --begin, --finish${retires ? ', --retire' : ''}`)
    await withPki(dir, async ({ rotation }) => {
      const by = cliActor()
      if (begin) await rotation.begin(name, by)
      else if (finish) await rotation.finish(name, by, { force })
      else await rotation.retire(by)
      console.log(`${name}: ${begin ? 'begun' : finish ? 'finished' : 'retired'}`)
    })
  })
}

async function printStatus({ authorities }: Pki, foundation: Foundation, dir: string): Promise<void> {
  const rows = await pkiCertificates(dir, authorities.generations, foundation.clock())
  for (const row of rows) {
    const until = new Date(row.notAfter).toISOString().slice(0, 10)
    const state = row.state === 'ends-soon' || row.state === 'expired' ? `  ${row.state}` : ''
    const name = `${row.kind} ${row.generation}`.padEnd(20)
    console.log(`${name}${row.use.padEnd(11)}until ${until}  ${row.fingerprint.slice(0, 16)}${state}`)
  }
  for (const name of authorityNames) {
    const line = authorities.generations[name]
    if (!isUnderWay(line)) continue
    const since = new Date(line.begunAt ?? 0).toISOString()
    console.log(`${name}: a rotation is under way since ${since}`)
  }
}

function withPki(
  dir: string,
  work: (pki: Pki, foundation: Foundation, pkiDirectory: string) => Promise<void>,
): Promise<void> {
  const { pki } = dataDirectory(dir)
  return withFoundation(dir, async (foundation) => work(await openPki(foundation, pki), foundation, pki))
}
