import { useQuery } from '@tanstack/react-query'
import { Dropdown } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { unwrap, useBridge } from '../bridge/index.ts'
import type { Translate } from '../i18n/index.ts'
import { useAction } from '../keys/keys-provider.tsx'
import { useSetting } from '../settings/use-setting.ts'
import { type ListPlace, placeInView } from './place.ts'
import { ViewNameDialog } from './view-name-dialog.tsx'
import { freeId, isAsViewed, mostViews, type View, viewsOf, withoutView, withView } from './views.ts'

interface ViewBarProps {
  delivered: readonly View[]
  place: ListPlace
  onPlace: (place: ListPlace) => void
  /** Of the list as it is shown; null while it is not known. */
  total: number | null
}

/** How often the counts of the views that are not shown are looked at, in ms. */
const countEvery = 20_000

export function viewName(t: Translate, view: View): string {
  return view.name ?? t(`worklistRoom.view.${view.id}` as 'worklistRoom.view.all')
}

/** The views as buttons with what each holds, and what can be done with the one that is chosen. */
export function ViewBar({ delivered, place, onPlace, total }: ViewBarProps) {
  const { t } = useTranslation()
  const [own, change] = useSetting('worklist')
  const [naming, setNaming] = useState<{ view: View | null; name: string } | null>(null)
  const views = viewsOf(own, delivered)
  const at = views.findIndex(({ id }) => id === place.view)
  const current = views[at] ?? null
  const asViewed = current !== null && isAsViewed(current, place.filter, place.sort)
  const go = (view: View | undefined) => view && onPlace(placeInView(view, place.filter.search))
  useAction('list.view', () => go(views[(at + 1) % views.length]))
  useAction('list.viewBack', () => go(views[(Math.max(at, 0) + views.length - 1) % views.length]))
  const save = (settings: typeof own) => void change(settings).catch(() => undefined)
  const filterNow = { ...place.filter, search: place.filter.search || undefined }

  const items = [
    { key: 'save', label: t('worklistRoom.saveView'), disabled: own.views.length >= mostViews },
    ...(current?.name && !asViewed
      ? [{ key: 'update', label: t('worklistRoom.updateView', { name: current.name }) }]
      : []),
    ...(current?.name
      ? [
          { key: 'rename', label: t('worklistRoom.renameView') },
          { key: 'remove', label: t('worklistRoom.removeView'), danger: true },
        ]
      : []),
    ...(current && asViewed && (own.openWith ?? delivered[0]?.id) !== current.id
      ? [{ key: 'open-with', label: t('worklistRoom.openWith') }]
      : []),
    ...(current && !asViewed ? [{ key: 'restore', label: t('worklistRoom.restoreView') }] : []),
  ]
  const onMenu = (key: string) => {
    if (key === 'save') setNaming({ view: null, name: '' })
    if (!current) return
    if (key === 'rename') setNaming({ view: current, name: current.name ?? '' })
    if (key === 'restore') go(current)
    if (key === 'open-with') save({ ...own, openWith: current.id })
    if (key === 'update' && current.name) {
      save(withView(own, { id: current.id, name: current.name, filter: filterNow, sort: place.sort }))
    }
    if (key === 'remove') {
      save(withoutView(own, current.id))
      go(delivered[0])
    }
  }
  const onName = (name: string) => {
    const view = naming?.view ?? { id: freeId(own), filter: filterNow, sort: place.sort }
    save(withView(own, { id: view.id, name, filter: view.filter, sort: view.sort }))
    onPlace({ ...place, view: view.id })
    setNaming(null)
  }

  return (
    <nav className="view-bar" aria-label={t('worklistRoom.views')} data-testid="views">
      {views.map((view) => (
        <button
          key={view.id}
          type="button"
          className="view-button"
          aria-pressed={view.id === place.view}
          onClick={() => go(view)}
          data-testid={`view-${view.id}`}
        >
          {viewName(t, view)}
          {view.id === place.view && !asViewed && (
            <span className="view-changed" title={t('worklistRoom.viewChanged')}>
              *
            </span>
          )}
          <Count
            view={view}
            known={view.id === place.view && asViewed && !place.filter.search ? total : undefined}
          />
        </button>
      ))}
      <Dropdown trigger={['click']} menu={{ items, onClick: ({ key }) => onMenu(key) }}>
        <button
          type="button"
          className="view-button view-menu"
          title={t('worklistRoom.viewMenu')}
          aria-label={t('worklistRoom.viewMenu')}
          aria-haspopup="menu"
          data-testid="view-menu"
        >
          ⋯
        </button>
      </Dropdown>
      {naming && (
        <ViewNameDialog
          name={naming.name}
          renames={naming.view !== null}
          taken={views.filter(({ id }) => id !== naming.view?.id).map((view) => viewName(t, view))}
          onName={onName}
          onClose={() => setNaming(null)}
        />
      )}
    </nav>
  )
}

/** How many exams a view holds; the one that is shown knows it already. */
function Count({ view, known }: { view: View; known: number | null | undefined }) {
  const bridge = useBridge()
  const counted = useQuery({
    queryKey: ['worklist-count', view.filter],
    queryFn: async () =>
      (await unwrap(bridge.worklistList({ filter: view.filter, sort: null, offset: 0, limit: 1 }))).total,
    staleTime: countEvery,
    refetchInterval: countEvery,
    enabled: known === undefined,
  })
  const count = known ?? counted.data
  return (
    <span className="view-count number">{count === undefined || count === null ? '' : short(count)}</span>
  )
}

/** 1.2万 says as much as 12 345 on a button. */
function short(count: number): string {
  return count < 10_000 ? String(count) : `${Math.floor(count / 1000) / 10}万`
}
