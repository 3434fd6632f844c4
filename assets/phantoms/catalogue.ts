import { chestModel, paintChest } from './chest/ct.ts'
import type { ChestFinding } from './chest/finding.ts'
import { ctSeries } from './ct.ts'
import { chestFilmSeries } from './dx.ts'
import { echoSeries } from './echo.ts'
import { paintHead } from './head/anatomy.ts'
import type { HeadFinding } from './head/finding.ts'
import { sagittally } from './head/sagittal.ts'
import { diffusionSignal, hounsfield, t1Signal, t2Signal } from './head/tissue.ts'
import { paintKnee } from './knee/anatomy.ts'
import { kneeProton, kneeT1 } from './knee/tissue.ts'
import { mrSeries } from './mr.ts'
import { axial, sagittal } from './plane.ts'
import type { ExamFacts, SeriesSpec, StudyGenerator } from './series.ts'

/** Every phantom that an order may name, with its share of the work (seconds of one core, roughly), costliest first to start. */
export const catalogue = {
  'ct-head-haemorrhage': {
    cost: 4,
    generate: (e) => [headCt(e, haemorrhage(1, true), { thin: true, rle: false, seed: 11 })],
  },
  'ct-head-haemorrhage-early': {
    cost: 1,
    generate: (e) => [headCt(e, haemorrhage(0.34, false), { thin: false, rle: true, seed: 12 })],
  },
  'ct-head-epidural': {
    cost: 1,
    generate: (e) => [headCt(e, { kind: 'epidural-haematoma' }, { thin: false, rle: false, seed: 13 })],
  },
  'ct-head-normal': {
    cost: 1,
    generate: (e) => [headCt(e, { kind: 'none' }, { thin: false, rle: true, seed: 14 })],
  },
  'ct-chest-embolism': { cost: 5, generate: (e) => [chestCt(e, { kind: 'pulmonary-embolism' }, true)] },
  'ct-chest-nodule': { cost: 5, generate: (e) => [chestCt(e, { kind: 'lung-nodule' }, false)] },
  'dx-chest-pneumothorax': {
    cost: 1,
    generate: () => [
      film(
        {
          photometric: 'MONOCHROME2',
          bitsStored: 14,
          finding: { kind: 'pneumothorax', collapse: 34, drain: false },
        },
        31,
      ),
    ],
  },
  'dx-chest-drained': {
    cost: 1,
    generate: () => [
      film(
        {
          photometric: 'MONOCHROME2',
          bitsStored: 14,
          finding: { kind: 'pneumothorax', collapse: 7, drain: true },
        },
        32,
      ),
    ],
  },
  'dx-chest-normal': {
    cost: 1,
    generate: () => [film({ photometric: 'MONOCHROME1', bitsStored: 12, finding: { kind: 'none' } }, 33)],
  },
  'dx-chest-free-air': {
    cost: 1,
    generate: () => [
      film({ photometric: 'MONOCHROME2', bitsStored: 12, finding: { kind: 'free-air' } }, 34, true),
    ],
  },
  'mr-brain-infarct': { cost: 2, generate: brainMr },
  'mr-knee-normal': { cost: 2, generate: kneeMr },
  'us-heart-effusion': { cost: 2, generate: () => [echoSeries(40)] },
} as const satisfies Record<string, { cost: number; generate: StudyGenerator }>

export type PhantomName = keyof typeof catalogue

export function isPhantomName(name: string): name is PhantomName {
  return Object.hasOwn(catalogue, name)
}

function haemorrhage(growth: number, ventricular: boolean): HeadFinding {
  return { kind: 'basal-ganglia-haemorrhage', growth, ventricular }
}

function headCt(
  exam: ExamFacts,
  finding: HeadFinding,
  options: { thin: boolean; rle: boolean; seed: number },
): SeriesSpec {
  const { thin, rle, seed } = options
  return ctSeries(exam, {
    number: 2,
    description: thin ? '头颅平扫 薄层' : '头颅平扫 4.5mm',
    protocol: 'Head routine',
    bottom: -40,
    step: thin ? 1.2 : 4.5,
    thickness: thin ? 2.4 : 4.5,
    count: thin ? 120 : 32,
    spacing: 0.46,
    noise: thin ? 4.2 : 2.6,
    seed,
    window: [40, 90],
    tubeKilovolts: 120,
    tubeMilliamperes: 260,
    rle,
    overlapping: thin,
    paint: (slice) => paintHead(slice, { tissue: hounsfield, finding }),
  })
}

function chestCt(exam: ExamFacts, finding: ChestFinding, contrast: boolean): SeriesSpec {
  const model = chestModel(contrast, finding)
  return ctSeries(exam, {
    number: 2,
    description: contrast ? '肺动脉CTA 2.5mm' : '胸部平扫 5mm',
    protocol: contrast ? 'CT pulmonary angiography' : 'Chest routine',
    bottom: -196,
    step: contrast ? 2.5 : 5,
    thickness: contrast ? 2.5 : 5,
    count: contrast ? 128 : 62,
    spacing: 0.74,
    noise: 13,
    seed: contrast ? 21 : 22,
    window: contrast ? [100, 500] : [40, 400],
    tubeKilovolts: contrast ? 100 : 120,
    tubeMilliamperes: 180,
    ...(contrast ? { contrastAgent: 'Iohexol 350' } : {}),
    rle: !contrast,
    overlapping: false,
    paint: (slice) => paintChest(slice, model),
  })
}

function film(
  part: Pick<Parameters<typeof chestFilmSeries>[0], 'photometric' | 'bitsStored' | 'finding'>,
  seed: number,
  rle = false,
) {
  return chestFilmSeries({ ...part, description: '胸部正位', seed, rle })
}

function brainMr(exam: ExamFacts): readonly SeriesSpec[] {
  const finding: HeadFinding = { kind: 'middle-cerebral-infarct' }
  const common = {
    orientation: axial,
    start: -38,
    step: 6,
    thickness: 5,
    count: 24,
    matrix: 320,
    spacing: 0.72,
    patientPosition: 'HFS',
  } as const
  const series = [
    {
      number: 2,
      description: 'T1WI 轴位',
      protocol: 'ax T1 SE',
      sequence: 'SE',
      repetitionTime: 520,
      echoTime: 11,
      echoTrain: 1,
      window: [520, 1000],
      noise: 11,
      tissue: t1Signal,
    },
    {
      number: 3,
      description: 'T2WI 轴位',
      protocol: 'ax T2 FSE',
      sequence: 'SE',
      repetitionTime: 4200,
      echoTime: 102,
      echoTrain: 16,
      window: [620, 1250],
      noise: 13,
      tissue: t2Signal,
    },
    {
      number: 4,
      description: 'DWI b1000 轴位',
      protocol: 'ax DWI b1000',
      sequence: 'EP',
      repetitionTime: 5100,
      echoTime: 84,
      echoTrain: 1,
      window: [330, 680],
      noise: 14,
      tissue: diffusionSignal,
    },
  ] as const
  const axialSeries = series.map(({ tissue, ...scan }) =>
    mrSeries(exam, {
      ...common,
      ...scan,
      seed: 40 + scan.number,
      background: tissue.air,
      paint: (slice) => paintHead(slice, { tissue, finding }),
    }),
  )
  return [brainLocalizer(exam, finding), ...axialSeries]
}

/** Another plane of the same frame of reference: what position lines are for. */
function brainLocalizer(exam: ExamFacts, finding: HeadFinding): SeriesSpec {
  return mrSeries(exam, {
    number: 1,
    description: '定位像 矢状位',
    protocol: 'Localizer sag',
    sequence: 'SE',
    repetitionTime: 300,
    echoTime: 9,
    echoTrain: 1,
    orientation: sagittal,
    start: -40,
    step: 20,
    thickness: 8,
    count: 5,
    matrix: 256,
    spacing: 1,
    window: [520, 1000],
    noise: 22,
    patientPosition: 'HFS',
    seed: 41,
    background: t1Signal.air,
    // The head's model ends at the base of the skull.
    paint: sagittally((slice) => {
      if (slice.z > -62) paintHead(slice, { tissue: t1Signal, finding })
    }),
  })
}

function kneeMr(exam: ExamFacts): readonly SeriesSpec[] {
  const common = {
    orientation: sagittal,
    start: -46,
    step: 4,
    thickness: 3.5,
    count: 24,
    matrix: 320,
    spacing: 0.5,
    patientPosition: 'FFS',
  } as const
  const series = [
    {
      number: 2,
      description: 'T1WI 矢状位',
      protocol: 'sag T1 SE',
      sequence: 'SE',
      repetitionTime: 560,
      echoTime: 12,
      echoTrain: 1,
      window: [520, 1050],
      noise: 10,
      tissue: kneeT1,
    },
    {
      number: 3,
      description: 'PDWI 压脂 矢状位',
      protocol: 'sag PD FS',
      sequence: 'SE',
      repetitionTime: 2800,
      echoTime: 32,
      echoTrain: 8,
      window: [380, 800],
      noise: 12,
      tissue: kneeProton,
    },
  ] as const
  return series.map(({ tissue, ...scan }) =>
    mrSeries(exam, {
      ...common,
      ...scan,
      seed: 50 + scan.number,
      background: tissue.air,
      paint: (slice) => paintKnee(slice, tissue),
    }),
  )
}
