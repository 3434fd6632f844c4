import ct from '../../../../assets/templates/ct.json' with { type: 'json' }
import mr from '../../../../assets/templates/mr.json' with { type: 'json' }
import us from '../../../../assets/templates/us.json' with { type: 'json' }
import xRay from '../../../../assets/templates/x-ray.json' with { type: 'json' }
import type { ReportTemplate } from '../../../shared/settings/index.ts'

/** The templates that come with the product; a test holds them against the schema. */
export const deliveredTemplates = [...ct, ...mr, ...xRay, ...us] as readonly ReportTemplate[]
