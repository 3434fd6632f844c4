import {
  AliasNode,
  IdentifierNode,
  type KyselyPlugin,
  type OperationNode,
  OperationNodeTransformer,
  type QueryId,
  type SelectQueryNode,
  TableNode,
} from 'kysely'
import type { Queries } from '../index.ts'
import { isSealed } from './exceptions.ts'

/**
 * The same database, whose rows are checked as they are read: a query that comes upon a row that is not as it was sealed fails with
 * an IntegrityError that names the row. For whatever decides what somebody may do.
 */
export function whole<T extends Queries>(queries: T): T {
  return queries.withPlugin(plugin) as T
}

/** Where a query reads a sealed table it reads the view that checks each row. */
class CheckedTables extends OperationNodeTransformer {
  protected override transformSelectQuery(node: SelectQueryNode, queryId?: QueryId): SelectQueryNode {
    return super.transformSelectQuery(
      {
        ...node,
        ...(node.from ? { from: { ...node.from, froms: node.from.froms.map(checked) } } : {}),
        ...(node.joins ? { joins: node.joins.map((join) => ({ ...join, table: checked(join.table) })) } : {}),
      },
      queryId,
    )
  }
}

function checked(node: OperationNode): OperationNode {
  if (AliasNode.is(node) && TableNode.is(node.node)) {
    const name = sealedName(node.node)
    return name ? ({ ...node, node: TableNode.create(`whole_${name}`) } as AliasNode) : node
  }
  const name = TableNode.is(node) ? sealedName(node) : null
  return name ? AliasNode.create(TableNode.create(`whole_${name}`), IdentifierNode.create(name)) : node
}

function sealedName({ table }: TableNode): string | null {
  const { name } = table.identifier
  return !table.schema && isSealed(name) && !name.startsWith('whole_') ? name : null
}

const transformer = new CheckedTables()
const plugin: KyselyPlugin = {
  transformQuery: ({ node, queryId }) => transformer.transformNode(node, queryId),
  transformResult: async ({ result }) => result,
}
