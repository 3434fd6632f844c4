import { Command } from 'commander'
import { withFoundation } from './with-foundation.ts'

export function auditCommand(): Command {
  const audit = new Command('audit').description('the audit trail')
  audit
    .command('verify')
    .description('prove the chain; tells each changed, missing or reordered row')
    .requiredOption('--dir <directory>', 'the data directory')
    .action(async ({ dir }: { dir: string }) => {
      const { rows, faults } = await withFoundation(dir, ({ audit: trail }) => trail.verify())
      for (const { seq, fault } of faults)
        console.log(fault === 'unguarded' ? 'the triggers against changes are gone' : `row ${seq}: ${fault}`)
      console.log(faults.length === 0 ? `${rows} rows, chain whole` : `${rows} rows, chain BROKEN`)
      if (faults.length > 0) process.exitCode = 1
    })
  return audit
}
