import type { CueRule } from './cue.ts'

const DEGREE =
  '(?:(?:significant|significantly|definite|definitely|appreciable|interval|substantial|obvious|other|any|large|major|relevant|much|further|yet|fully|completely|entirely|totally|reliably|confidently|absolutely|necessarily|currently|acutely|clearly|new|acute|gross|apparent) ){0,3}'
const BE =
  '(?:(?:is|are|was|were|be|been|being|has|have|had|to|can|could|should|must|may|will|need|needs|remains?|appears?) ){0,3}'
const SEEN =
  '(?:seen|identified|present|visuali[sz]ed|demonstrated|detected|evident|noted|observed|appreciated|found|apparent|shown|suspected|discernible)'
const CHANGED =
  '(?:resolved|resolving|improved|improving|decreased|decreasing|smaller|diminished|diminishing|reduced|regressed|cleared|disappeared|subsided|evacuated)'
const ADVERB =
  '(?:(?:since|now|significantly|slightly|markedly|completely|almost|nearly|partially|partly|mildly|interval|much|essentially|largely|mostly|substantially|minimally|moderately|again|overall|in size|spontaneously|gradually|subsequently) ){0,3}'

/** English cues over normalised text (lower case, hyphens in words as spaces), in the order in which they are tried at one place. */
export const ENGLISH_CUES: readonly CueRule[] = [
  {
    kind: 'stable',
    reach: 'either',
    patterns: [
      `\\b(?:no|not|n't|without|never) ${BE}${DEGREE}(?:evidence (?:of|for) )?(?:change[sd]?|changing|increase[sd]?|increasing|decrease[sd]?|decreasing|improve(?:d|ment)?|improving|progress(?:ed|ion)?|worsen(?:ed|ing)?|resolv(?:e|ed|ing)|resolution|subsid(?:e|ed|ing)|relief|relieved?|success|response|benefit|enlarge(?:d|ment)?|larger|smaller|different|cleared)(?: in| of| from| to)?\\b`,
      // what is untreated or unexplained is there
      `\\b(?:no|not|without) ${DEGREE}(?:an? )?(?:(?:surgical|medical|urgent|immediate|acute) ){0,2}(?:need|indication|contraindication|requirement|role|treatment|therapy|surgery|intervention|medications?|antibiotics|anticoagulation|operation|candidate|explanation|cause|reason|source|etiology)(?: (?:is|was|were|found|given|needed|identified)){0,2} (?:for|to)\\b|\\b(?:no|without) ${DEGREE}(?:an? )?(?:explanation|cause|reason|source|etiology)(?: (?:is|was|found|identified)){0,2} (?:for|of)\\b`,
      '\\b(?:incomplete|lack of|failure of|delayed|absence of|partial) (?:\\w+ )?(?:resolution|improvement|clearing|reexpansion|response) (?:of|in)\\b',
      '\\b(?:unchanged|stable in (?:size|appearance)|similar (?:in size|in appearance|to prior|to the prior))\\b',
    ],
  },
  {
    kind: 'pseudo',
    reach: 'after',
    patterns: [
      '\\b(?:not only|not just|no doubt|no surprise|not surprising|not surprisingly|without difficulty|without doubt|gram negative|negative (?:\\w+ ){0,3}(?:cta?|mri|x rays?|films?|e[kc]g|study|studies|scans?|cultures?|tests?|exam|examination|work ?up|ultrasound|angiogram|biopsy|biopsies|margins?|pressure|screen)(?! for)|no more than|no less than|not drain(?:ed|ing)?|not treated|not known to|not yet|no longer than|no sooner|not limited to|if not)\\b',
      '\\b(?:history of present(?:ing)? illness|(?:years?|months?|weeks?|days?) old|previously (?:seen|noted|described|identified|demonstrated|visuali[sz]ed|mentioned|reported|known|documented)|(?:start(?:ed|ing)|began|onset|noticed|since)(?: \\w+){0,4} (?:years?|months?) ago|with (?:and|or|and/or) without|without (?:and with )?(?:(?:the )?(?:use|administration) of )?(?:intravenous |iv |oral )?contrast|(?:not|without|never) (?:extend|caus|us|need|requir|reliev|respond|controll|tak|eat|complian|tolerat|able|feel|sleep|uncommon|unusual|insignificant)|no (?:one|matter|later|sooner))\\w*',
      '\\b(?:prior|previous|old|outside) (?:study|studies|exam|exams|examination|examinations|ct|cts|mri|film|films|radiographs?|imaging|chest x ray|x rays?|scans?|ultrasound|reports?|comparison)\\b',
      '\\bfree (?:air|fluid|gas|floating|flap|intraperitoneal|text|wall)\\b|\\b(?:air|fluid|gas) free\\b|\\bnew ?born\\b|\\bnew york\\b|(?:day|days|week|weeks|hour|hours|month|months|year|years|recent)(?: long)? history of\\b|\\b(?:gives?|gave|presents?|presented|presenting)(?: with)? (?:an? |the )?history of\\b|\\b(?:comparison|compared|relative|similar|unchanged|since|from) (?:to |with |from )?(?:the |her |his |their )?(?:prior|previous)\\b|\\bhistory of (?:(?:a|an|the) )?(?:recent|increasing|worsening|progressive|ongoing|persistent|acute|sudden)\\b',
    ],
  },
  {
    kind: 'purpose',
    reach: 'before',
    patterns: [
      '\\b(?:to|should|must|need to|needs to|will|might|ought to|may) be (?:ruled out|excluded)\\b|\\bbeing ruled out\\b|\\b(?:protocol|study|examination) (?:was|is) (?:requested|ordered)\\b',
    ],
  },
  {
    kind: 'hedge',
    reach: 'either',
    patterns: [
      `\\b(?:cannot|can ?not|could not|can't|couldn't|not|difficult to|unable to|impossible to|hard to|never) ${BE}${DEGREE}(?:exclude[d]?|rule[d]? out|excluding|ruling out|refute)\\b`,
      `\\bnot (?:certain|sure|clear|definite|definitive|conclusive)(?:ly)?\\b|\\b(?:uncertain|indeterminate|equivocal|questionable|inconclusive)\\b`,
      '\\b(?:should|must|may|could|can|to) be (?:considered|suspected|entertained)\\b',
      `\\b(?:has|have) (?:yet )?to be (?:excluded|ruled out)\\b|\\b(?:is|are|was|were) a (?:possibility|consideration|concern)\\b`,
      '\\b(?:possible|possibly|possibility of|possibility|probable|probably|likely|unlikely|doubtful|suspicious for|suspicion (?:of|for)|suspected|presumed|presumably|in the differential|differential)\\b',
    ],
  },
  {
    kind: 'hedge',
    reach: 'after',
    patterns: [
      '\\b(?:less likely|(?:low|intermediate|high) probability (?:for|of)|non ?diagnostic for|may|might|could (?:be|represent|reflect|indicate|also)|cannot exclude|suspect|suspects|concern(?:ing|ed)? (?:for|of|about|that)|concern|question of|question|query|suggest(?:s|ed|ing|ive)?(?: of)?|raises? the|consider|considered|versus|vs|worrisome for|worrisome|whether|presence or absence of|borderline|(?:would|should)(?! not))\\b',
    ],
  },
  {
    kind: 'hedge',
    reach: 'before',
    patterns: ['[?]+', '\\b(?:cannot|can ?not) be (?:evaluated|assessed|confirmed)\\b'],
  },
  {
    kind: 'improved',
    reach: 'before',
    patterns: [
      `\\bno longer (?:be )?${SEEN}\\b|\\b(?:has|have|had|is|are|was|were|appears?|now|to have) ${BE}${ADVERB}${CHANGED}\\b`,
      '\\b(?:resolved|subsided|disappeared)\\b(?! (?:in|of|with))',
    ],
  },
  {
    kind: 'improved',
    reach: 'phrase',
    patterns: [
      '\\b(?:resolved|resolving|improved|improving|decreasing|decreased|diminishing|smaller)\\b',
      '\\b(?:resolution|improvement|decrease|reduction|regression|clearing|near resolution) (?:of|in)\\b',
    ],
  },
  {
    kind: 'purpose',
    reach: 'after',
    patterns: [
      '\\b(?:to |for |please )?(?:rule out|ruling out|r/o|ro|exclude|evaluat(?:e|ion|ed|ing)(?: for| of)?|assess(?:ment)?(?: for| of)?|work ?up(?: for| of)?|looking for|look for|screen(?:ing)? for|protocol for)\\b',
    ],
  },
  {
    kind: 'negation',
    reach: 'before',
    patterns: [
      `\\b(?:is|are|was|were|has|have|had|been|be|being|does|do|did|can|could) ?(?:not|n't) ${BE}${DEGREE}${SEEN}\\b|\\bnot ${BE}${DEGREE}${SEEN}\\b(?! (?:to|in the|on the)? ?(?:have|be)| (?:previously|before|earlier|initially|(?:on|in|at) (?:the |her |his )?(?:prior|previous|earlier|initial|last|outside)))`,
      `\\b(?:is|are|was|were|been|be) (?:also |both |all |again |now )?(?:absent|negative|denied|excluded|ruled out)\\b(?! for)`,
      '\\b(?:has|have|had|been) (?:been )?(?:ruled out|excluded)\\b',
      '(?<=[:] ?)(?:none|negative|absent|no|nil|denied|denies)\\b(?= ?(?:[.,;]|$))|\\(-\\)',
    ],
  },
  {
    kind: 'negation',
    reach: 'after',
    patterns: [
      '\\b(?:negative|neg|-ve|unremarkable|ruled out) for\\b|-ve for\\b|\\b(?:ruled out|excludes|excluded|rules out)\\b',
      '\\b(?:not|never) (?:consistent|compatible|in keeping|suggestive|indicative|typical|diagnostic|suspicious) (?:with|of|for)\\b',
      '\\b(?:do|does|did) not (?:believe|think|feel|suspect)(?: that)?\\b',
      '\\b(?:no|not|without|w/o|denies|denied|denying|deny|never|nor|neither|none|absence of|absent|free of|free from|lack of|lacks|lacking|cleared of|rather than|instead of|negative)\\b',
      "n't\\b|\\bcannot (?:see|identify|appreciate)\\b|\\bfail(?:s|ed)? to (?:show|reveal|demonstrate)\\b",
    ],
  },
  {
    kind: 'conditional',
    reach: 'after',
    patterns: [
      '\\b(?:if|unless|in case of|in the event of|in case|at risk (?:for|of)|risk (?:for|of)|to prevent|prophylaxis|return (?:for|if|with)|(?:call|alert|notify|contact)(?: \\w+){0,3} (?:for|with) any|watch for|monitor for|precautions)\\b',
    ],
  },
  {
    kind: 'family',
    reach: 'after',
    patterns: [
      '\\b(?:family history(?: of)?|(?:mother|father|brother|sister|aunt|uncle|son|daughter|cousin|grandmother|grandfather|grandparents|parents|siblings|family members?|family)s?(?:,? (?:also |who |both |\\w+ )?(?:has|had|have|with|died|dying|suffer(?:s|ed)|is positive|was diagnosed|significant|positive)(?: of| from| for)?\\b| ?[:(]| - ))',
    ],
  },
  {
    kind: 'worse',
    reach: 'either',
    patterns: [
      '\\b(?:increased|increasing|enlarging|enlarged|larger|worsening|worsened|worse|progressed|progression of|progressive|progressing|recurrent|recurrence of|new|newly|rebleed(?:ing)?|residual)\\b',
    ],
  },
  {
    kind: 'history',
    reach: 'after',
    patterns: [
      '\\b(?:(?:past (?:medical |surgical )?)?history (?:is |was )?(?:significant |notable |positive |remarkable )?(?:of|for)|h/o|hx(?: of)?|pmh|status post|s/p)\\b',
    ],
  },
  {
    kind: 'history',
    reach: 'phrase',
    patterns: [
      '\\b(?:(?:prior|previous)(?! (?:to|day|night|evening|week|month|\\d|few|several)\\b)|previously|old|remote|known prior|repaired|healed)\\b',
    ],
  },
  {
    kind: 'history',
    reach: 'before',
    patterns: [
      '\\b(?:years? ago|months? ago|in the past(?! (?:\\d|few|several|couple|two|three|day|week|hour|month))|in (?:19|20)\\d\\d|as a child|status post (?:repair|evacuation|drainage|treatment)|post (?:repair|evacuation|drainage))\\b',
    ],
  },
]

/** Words after which a new statement begins. */
export const ENGLISH_STOPS =
  /\b(?:but|however|although|though|yet|except|apart from|aside from|other than|otherwise|which|who|secondary to|due to|because|since|given|as there|presents?|presented|presenting|there (?:is|are|was|were|remains?)|consistent with|compatible with|in keeping with|, (?:\w+ ){0,2}(?:diagnostic|indicative|characteristic|pathognomonic|typical) (?:of|for)|diagnostic of|pathognomonic (?:of|for)|representing|likely representing|while|whereas|despite|nevertheless|nonetheless|until|when|after|prior to|still|remains?|persists?|persistent|and (?:has|have|had|is|are|was|were|he|she|it|they|the patient|there|also has)|he (?:is|was|has|had|does|did)|she (?:is|was|has|had|does|did)|, the patient|(?<!(?:believe|think|feel|suspect|that) )the patient (?:has|had|is|was|does|did|also|then|developed)|status post|is seen|are seen|positive for|is present|are present|(?<!(?:not|never|n't|no|without) )(?:admit|report|complain|endors|develop|experienc)(?:s|es|ed|ting|ing)|(?:found|noted|noticed) (?:to have|with)|(?:brought|referred|evaluated|admitted|transferred|seen) (?:in )?(?:for|with)|did have|does have|causing|(?:as (?:an?|the) )?(?:cause|source|reason|etiology|origin|trigger) (?:of|for)|redemonstrat\w+|demonstrat(?:ing|es)|shows|showed|showing|reveals|revealed|revealing|with (?:a|an|the|his|her|mild|small|large|new|some|left|right|bilateral|moderate|severe|massive|acute|extensive|persistent|increasing|multiple|trace|tiny|residual|stable|unchanged))\b|[;:]|--| - /gu
