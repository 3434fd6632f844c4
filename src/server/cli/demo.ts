import { Command } from 'commander'
import { loadDemoOrders } from '../../../assets/demo/index.ts'

export function demoCommand(): Command {
  const demo = new Command('demo').description('the demo')
  demo
    .command('patients')
    .description("print the demo patients' names, one a line")
    .action(() => {
      const names = loadDemoOrders(Date.now()).map((order) => order.patientName)
      console.log([...new Set(names)].join('\n'))
    })
  return demo
}
