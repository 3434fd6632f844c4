import { Command } from 'commander'
import { createOrders } from '../orders/index.ts'
import { withFoundation } from './with-foundation.ts'

export function ordersCommand(): Command {
  const orders = new Command('orders').description('orders')
  orders
    .command('import <file>')
    .description('take in orders from a JSON file that holds an array of them')
    .requiredOption('--dir <directory>', 'the data directory')
    .action(async (file: string, { dir }: { dir: string }) => {
      // A running gateway's workstations see them with their next look at the worklist.
      const silent = { announce: () => {} }
      const { added, replaced } = await withFoundation(dir, (foundation) =>
        createOrders(foundation, silent).importOrdersFile(file),
      )
      console.log(`${added} added, ${replaced} replaced`)
    })
  return orders
}
