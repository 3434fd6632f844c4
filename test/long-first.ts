import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** What takes longest on a machine with nothing else to do; begun last it would be all that runs at the end. */
const long = ['test/server/critical/kill/', 'test/rules/check.test.ts']

const rank = ({ moduleId }: TestSpecification) => {
  const place = long.findIndex((part) => moduleId.includes(part))
  return place < 0 ? long.length : place
}

/** Long files first, the others as vitest has them. */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return sorted.toSorted((a, b) => rank(a) - rank(b))
  }
}
