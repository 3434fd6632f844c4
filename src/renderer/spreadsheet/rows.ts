/** A cell as it is written to a file. Null is an empty cell. */
export type Cell = string | number | null
export type Rows = readonly (readonly Cell[])[]
