import type { Column } from '../../../src/renderer/table/column.ts'

export interface Person {
  name: string
  room: string
  seen: number | null
  roles: string[]
}

export const people: Person[] = [
  { name: '张伟', room: '阅片室-10', seen: 100, roles: ['医师'] },
  { name: '阿依古丽', room: '阅片室-2', seen: null, roles: ['技师', '医师'] },
  { name: 'ＬＩ Ming', room: '', seen: 9, roles: [] },
  { name: '李明华', room: '阅片室-1', seen: 20, roles: ['技师'] },
]

export const columns: Column<Person>[] = [
  { key: 'name', title: '姓名', width: 1, render: ({ name }) => name, text: ({ name }) => name },
  { key: 'room', title: '工作站', width: 1, render: ({ room }) => room, text: ({ room }) => room },
  {
    key: 'seen',
    title: '最近活动',
    width: 1,
    render: ({ seen }) => seen,
    text: ({ seen }) => (seen === null ? '' : `第 ${seen} 分`),
    order: ({ seen }) => seen,
  },
  {
    key: 'roles',
    title: '角色',
    width: 1,
    render: ({ roles }) => roles,
    text: ({ roles }) => roles.join('、'),
    choices: ({ roles }) => roles,
  },
  { key: 'action', title: '操作', width: 1, render: () => 'x' },
]
