import { readFile } from 'node:fs/promises'
import { Command } from 'commander'
import { VigilError } from '../../shared/errors/index.ts'
import {
  createAccounts,
  createCertificateStanding,
  createIssuers,
  createRevocation,
  pemCertificates,
} from '../identity/index.ts'
import { cliActor } from './actor.ts'
import { withFoundation } from './with-foundation.ts'

export function accountCommand(): Command {
  const account = new Command('account').description('accounts; people are added by the officers, not here')
  account
    .command('bootstrap')
    .description(
      'make the bootstrap administrator of a new gateway, who creates the three officers and is disabled then',
    )
    .requiredOption('--dir <directory>', 'the data directory')
    .requiredOption('--login <login>', 'login name')
    .requiredOption('--name <name>', "the person's name")
    .requiredOption('--certificate <file>', "PEM of the person's USB key certificate, intermediates after it")
    .action(bootstrap)
  return account
}

async function bootstrap(options: {
  dir: string
  login: string
  name: string
  certificate: string
}): Promise<void> {
  const { certificate, presented } = await certificatesOf(options.certificate)
  await withFoundation(options.dir, async (foundation, paths) => {
    const issuers = await createIssuers(foundation)
    const revocation = createRevocation(foundation, { issuers, directory: paths.revocationLists })
    const standing = createCertificateStanding(foundation, { issuers, revocation })
    try {
      // A key that could not sign in would leave nobody to begin with, and no second try.
      await standing.mustBeGood(certificate, presented)
      const person = { loginName: options.login, displayName: options.name }
      await createAccounts(foundation).bootstrap.createAdministrator(person, certificate, cliActor())
    } catch (error) {
      throw error instanceof VigilError ? new Error(worded(error)) : error
    }
  })
  console.log(`${options.login} may sign in now and create the three officers.`)
}

/** The person's certificate and those after it. @throws Error naming the file. */
async function certificatesOf(file: string) {
  const certificates = readable(await readFile(file, 'utf8'))
  const [certificate, ...presented] = certificates
  if (!certificate) throw new Error(`${file}: holds no certificate in PEM`)
  return { certificate, presented }
}

function readable(pem: string) {
  try {
    return pemCertificates(pem)
  } catch {
    return []
  }
}

function worded({ code, facts }: VigilError): string {
  if (code === 'conflict' && facts.field === 'officer')
    return 'there is an officer, or a bootstrap administrator, already'
  if (code === 'certificate-untrusted') return 'the certificate is from none of identity.userCaFiles'
  return typeof facts.field === 'string' ? `${code}: ${facts.field}` : code
}
