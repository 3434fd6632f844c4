import { Command } from 'commander'
import { initialise } from '../data-directory/index.ts'

export function initCommand(): Command {
  return new Command('init')
    .description('make a data directory: configuration, keys, certificates')
    .requiredOption('--dir <directory>', 'the data directory')
    .action(async ({ dir }: { dir: string }) => {
      const { gatewayId } = await initialise(dir, { clock: Date.now })
      console.log(`${gatewayId} is ready in ${dir}. Edit vigil.yaml there, then: vigil serve --dir ${dir}`)
    })
}
