import type { ReactNode } from 'react'

export function FactList({ facts }: { facts: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className="audit-facts">
      {facts.map(([name, value]) => (
        <div key={name} className="audit-fact">
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
