/** What antd's nested button props lack in their types: attributes for tests to find an element by. */
export type DataAttributes = Record<`data-${string}`, string>
