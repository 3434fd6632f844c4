import { HangingProtocol } from '../../../shared/settings/index.ts'

/**
 * The hanging protocols that the product comes with, the more particular before the more general. A pane is written short here:
 * exam or prior, the words that tell the series, and how it is shown.
 */

type Pane = NonNullable<HangingProtocol['panes'][number]>
type Choice = Partial<Omit<Pane, 'study'>>

const exam = (choice: Choice = {}) => ({ study: 0, ...choice })
const prior = (choice: Choice = {}) => ({ study: 1, ...choice })

const head = ['头', '颅', '脑', 'HEAD', 'BRAIN', 'SKULL']
const chest = ['胸', '肺', '纵隔', 'CHEST', 'LUNG', 'THORAX']
const abdomen = ['腹', '肝', '胆', '胰', '肾', '盆', 'ABDOMEN', 'PELVIS', 'LIVER']
const vessels = ['CTA', '血管', '冠脉', '主动脉', 'ANGIO', 'CORONARY', 'AORTA']
const spine = ['颈椎', '胸椎', '腰椎', '脊柱', 'SPINE']
const frontal = ['PA', 'AP', '正位', '后前', 'FRONTAL']
const lateral = ['LAT', 'LL', 'RL', '侧位', 'LATERAL']
const t1 = ['T1']
const t2 = ['T2']
const flair = ['FLAIR', 'TIRM', 'DARK']
const dwi = ['DWI', 'DIFF', 'EP2D', '弥散']
const adc = ['ADC']

/** Right breast to the left, its chest wall to the middle; the left breast faces it. */
const rcc = ['R CC', 'RCC', '右CC', '右乳CC']
const lcc = ['L CC', 'LCC', '左CC', '左乳CC']
const rmlo = ['R MLO', 'RMLO', '右MLO', '右乳MLO']
const lmlo = ['L MLO', 'LMLO', '左MLO', '左乳MLO']

interface Written {
  name: string
  modalities: string[]
  bodyParts?: string[]
  needsPrior?: boolean
  grid: [rows: number, columns: number]
  panes: (Partial<Pane> | null)[]
}

const written: Record<string, Written> = {
  'ct-angio-prior': {
    name: 'CTA 重建与既往',
    modalities: ['CT'],
    bodyParts: vessels,
    needsPrior: true,
    grid: [2, 3],
    panes: [
      exam({ preset: '8' }),
      exam({ as: 'mpr-coronal', preset: '8' }),
      exam({ as: 'mpr-sagittal', preset: '8' }),
      prior({ preset: '8' }),
      exam({ as: 'mip', preset: '8' }),
      prior({ as: 'mpr-coronal', preset: '8' }),
    ],
  },
  'ct-angio': {
    name: 'CTA 重建 2×2',
    modalities: ['CT'],
    bodyParts: vessels,
    grid: [2, 2],
    panes: [
      exam({ preset: '8' }),
      exam({ as: 'mpr-coronal', preset: '8' }),
      exam({ as: 'mpr-sagittal', preset: '8' }),
      exam({ as: 'mip', preset: '8' }),
    ],
  },
  'ct-head-prior': {
    name: '头颅 CT 与既往',
    modalities: ['CT'],
    bodyParts: head,
    needsPrior: true,
    grid: [1, 2],
    panes: [exam({ preset: '1' }), prior({ preset: '1' })],
  },
  'ct-chest-prior': {
    name: '胸部 CT 与既往（肺窗、纵隔窗）',
    modalities: ['CT'],
    bodyParts: chest,
    needsPrior: true,
    grid: [2, 2],
    panes: [exam({ preset: '3' }), prior({ preset: '3' }), exam({ preset: '4' }), prior({ preset: '4' })],
  },
  'ct-abdomen-prior': {
    name: '腹部 CT 与既往',
    modalities: ['CT'],
    bodyParts: abdomen,
    needsPrior: true,
    grid: [1, 2],
    panes: [exam({ preset: '5' }), prior({ preset: '5' })],
  },
  'ct-prior': {
    name: 'CT 与既往',
    modalities: ['CT'],
    needsPrior: true,
    grid: [1, 2],
    panes: [exam(), prior()],
  },
  'ct-one': { name: 'CT 单幅', modalities: ['CT'], grid: [1, 1], panes: [exam()] },
  'ct-head': {
    name: '头颅 CT 脑窗骨窗',
    modalities: ['CT'],
    bodyParts: head,
    grid: [1, 2],
    panes: [exam({ preset: '1' }), exam({ preset: '2' })],
  },
  'ct-chest': {
    name: '胸部 CT 肺窗纵隔窗',
    modalities: ['CT'],
    bodyParts: chest,
    grid: [1, 2],
    panes: [exam({ preset: '3' }), exam({ preset: '4' })],
  },
  'ct-abdomen-phases': {
    name: '腹部 CT 多期 2×2',
    modalities: ['CT'],
    bodyParts: abdomen,
    grid: [2, 2],
    panes: [0, 1, 2, 3].map((nth) => exam({ nth, preset: '5' })),
  },
  'mr-head-prior': {
    name: '头颅 MR 与既往 2×3',
    modalities: ['MR'],
    bodyParts: head,
    needsPrior: true,
    grid: [2, 3],
    panes: [
      exam({ description: t2, plane: 'axial' }),
      exam({ description: flair, plane: 'axial' }),
      exam({ description: dwi }),
      prior({ description: t2, plane: 'axial' }),
      prior({ description: flair, plane: 'axial' }),
      prior({ description: dwi }),
    ],
  },
  'mr-head-six': {
    name: '头颅 MR 2×3',
    modalities: ['MR'],
    bodyParts: head,
    grid: [2, 3],
    panes: [
      exam({ description: t1, plane: 'axial' }),
      exam({ description: t2, plane: 'axial' }),
      exam({ description: flair }),
      exam({ description: dwi }),
      exam({ description: adc }),
      exam({ plane: 'sagittal' }),
    ],
  },
  'mr-head': {
    name: '头颅 MR 2×2',
    modalities: ['MR'],
    bodyParts: head,
    grid: [2, 2],
    panes: [
      exam({ description: t1 }),
      exam({ description: t2 }),
      exam({ description: flair }),
      exam({ description: dwi }),
    ],
  },
  'mr-spine': {
    name: '脊柱 MR 1×3',
    modalities: ['MR'],
    bodyParts: spine,
    grid: [1, 3],
    panes: [
      exam({ description: t1, plane: 'sagittal' }),
      exam({ description: t2, plane: 'sagittal' }),
      exam({ description: t2, plane: 'axial' }),
    ],
  },
  'mr-prior': {
    name: 'MR 与既往',
    modalities: ['MR'],
    needsPrior: true,
    grid: [1, 2],
    panes: [exam(), prior()],
  },
  'mr-four': {
    name: 'MR 2×2',
    modalities: ['MR'],
    grid: [2, 2],
    panes: [0, 1, 2, 3].map((nth) => exam({ nth })),
  },
  'dr-two-views-prior': {
    name: 'DR 正侧位与既往 2×2',
    modalities: ['DX', 'CR', 'DR'],
    needsPrior: true,
    grid: [2, 2],
    panes: [
      exam({ description: frontal }),
      exam({ description: lateral }),
      prior({ description: frontal }),
      prior({ description: lateral }),
    ],
  },
  'dr-prior': {
    name: 'DR 与既往 1×2',
    modalities: ['DX', 'CR', 'DR'],
    needsPrior: true,
    grid: [1, 2],
    panes: [exam(), prior()],
  },
  'dr-two-views': {
    name: 'DR 正侧位 1×2',
    modalities: ['DX', 'CR', 'DR'],
    grid: [1, 2],
    panes: [exam({ description: frontal }), exam({ description: lateral })],
  },
  'mg-prior': {
    name: '乳腺与既往 2×4',
    modalities: ['MG'],
    needsPrior: true,
    grid: [2, 4],
    panes: [
      exam({ description: rcc }),
      exam({ description: lcc }),
      exam({ description: rmlo }),
      exam({ description: lmlo }),
      prior({ description: rcc }),
      prior({ description: lcc }),
      prior({ description: rmlo }),
      prior({ description: lmlo }),
    ],
  },
  mg: {
    name: '乳腺 2×2',
    modalities: ['MG'],
    grid: [2, 2],
    panes: [
      exam({ description: rcc }),
      exam({ description: lcc }),
      exam({ description: rmlo }),
      exam({ description: lmlo }),
    ],
  },
  'us-xa': { name: '单幅', modalities: ['US', 'XA', 'RF', 'IVUS', 'ES'], grid: [1, 1], panes: [exam()] },
  'any-prior': {
    name: '当前与既往 1×2',
    modalities: [],
    needsPrior: true,
    grid: [1, 2],
    panes: [exam(), prior()],
  },
  any: { name: '单幅（通用）', modalities: [], grid: [1, 1], panes: [exam()] },
}

export const deliveredProtocols: readonly HangingProtocol[] = Object.entries(written).map(([id, one]) =>
  HangingProtocol.parse({
    id,
    name: one.name,
    modalities: one.modalities,
    bodyParts: one.bodyParts ?? [],
    needsPrior: one.needsPrior ?? false,
    rows: one.grid[0],
    columns: one.grid[1],
    panes: one.panes,
  }),
)
