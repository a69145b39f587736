"""The one table that says which code gives which fact of the record.

Rules that every row keeps:
- A code can say that something is there. No code, and no missing code, says that it is not.
- A row that would need a guess is a Clue: the fact stays unknown and a note names the resource to look at.
- Only a confirmed, present finding, an active medicine and a completed procedure are evidence (see fhir_read.py).
- CPT codes are the American Medical Association's; they stand here without descriptors.
- SNOMED CT ids were not checked against a release. Each is held to `words`: where the sender's own display has none
  of them, the code is not believed. No SNOMED CT id for a facet denervation or a medial branch block was found in any
  source, so none is here: a site adds its own with `CodeTable((*ROWS, ...))`.
"""

from __future__ import annotations

from facetwise.record.fhir.fact_table import (
    Block,
    Care,
    Checked,
    Clue,
    CodeTable,
    Denervation,
    Flag,
    Of,
    Pain,
    Place,
    Row,
    Score,
    System,
)

_SCT, _LOINC, _OPCS, _CPT = (System.SNOMED,), (System.LOINC,), (System.OPCS4,), (System.CPT,)
_ICD, _CM, _WHO = (System.ICD10, System.ICD10CM), (System.ICD10CM,), (System.ICD10,)
_RX, _ATC, _NAME = (System.RXNORM,), (System.ATC,), (System.NAME,)
_HES = "OPCS-4 titles in the NHS England hospital activity publications"
_A58403 = "CMS article A58403, as summarised"
_SYNTHEA = "Synthea records"
_PUBLIC = "public value sets and mappings that agree"
_ICD_TITLE, _CM_TITLE = "ICD-10 title (WHO)", "ICD-10-CM title"

_SCORES = (
    Row(Of.OBSERVATION, _LOINC, "72514-3", Score("NRS", "usual"), "LOINC title; docs/reference/record.md", Checked.SAMPLE,
        "LOINC does not say which pain was rated; a score with a body site outside the spine is not read."),
    Row(Of.OBSERVATION, _LOINC, "38208-5 38221-8 38214-3", Clue("scores", "the code does not fix a 0 to 10 scale"),
        _PUBLIC, Checked.SECONDARY, "38214-3 is a visual analogue score whose range (10 or 100) it does not state."),
    Row(Of.OBSERVATION, _LOINC, "82810-3", Clue("conditions.pregnant", "a status on one day is not a present one"),
        _PUBLIC, Checked.SECONDARY),
)  # fmt: skip

_PAIN = (
    Row(Of.FINDING, _SCT, "278860009 279039007", Pain("lumbar"), _SYNTHEA + "; " + _PUBLIC, Checked.SAMPLE,
        words="back lumb"),
    Row(Of.FINDING, _SCT, "1121000119107 81680005", Pain("cervical"), _SYNTHEA + "; " + _PUBLIC, Checked.SAMPLE,
        words="neck cervic"),
    Row(Of.FINDING, _SCT, "298253002", Pain("cervical"), "HL7 example", Checked.SECONDARY,
        "The facet joint as the source is a clinician's judgement: assessment.facet_suspected is not set.", "facet"),
    Row(Of.FINDING, _SCT, "23056005", Pain("lumbar", since=False, radicular=True), _PUBLIC, Checked.SECONDARY,
        words="sciatic"),
    Row(Of.FINDING, _SCT, "82423001 161891005", Clue("pain.since", "the code does not say which part of the body"),
        _SYNTHEA, Checked.SAMPLE, "Chronic pain may be a migraine: its onset is not that of spinal pain.",
        "pain backache"),
    Row(Of.FINDING, _ICD, "M545", Pain("lumbar"), _ICD_TITLE, Checked.SECONDARY,
        "ICD-10-CM M54.50, M54.51 and M54.59 are below it."),
    Row(Of.FINDING, _ICD, "M544", Pain("lumbar", radicular=True), _ICD_TITLE, Checked.SECONDARY,
        "The title says sciatica. Whether pain goes below the knee it does not say."),
    Row(Of.FINDING, _ICD, "M543 M5416 M5417", Pain("lumbar", since=False, radicular=True), _ICD_TITLE,
        Checked.SECONDARY, "M54.1 alone names no region, so it is not read."),
    Row(Of.FINDING, _ICD, "M542", Pain("cervical"), _ICD_TITLE, Checked.SECONDARY),
    Row(Of.FINDING, _ICD, "M546", Pain("thoracic"), _ICD_TITLE, Checked.SECONDARY),
    Row(Of.FINDING, _ICD, "M549", Clue("pain.since", "the code does not say which part of the spine"), _ICD_TITLE,
        Checked.SECONDARY),
    Row(Of.FINDING, _ICD, "M47", Clue("assessment.facet_suspected", "spondylosis is not a judgement of the source"),
        "ICD-10 title; CMS article A58403", Checked.SECONDARY,
        "ICD-10-CM M47.81x says 'without radiculopathy' by default of coding: pain.radicular is not set to false."),
)  # fmt: skip

_DEVICES = (
    Row(Of.FINDING, _SCT, "441509002", Flag("pacemaker"), _PUBLIC, Checked.SECONDARY, words="pacemaker"),
    Row(Of.FINDING, _SCT, "443325000", Flag("icd"), _PUBLIC, Checked.SECONDARY, words="defibrillator icd"),
    Row(Of.DEVICE, _SCT, "14106009 706004007", Flag("pacemaker"), "DICOM CID 3777; " + _PUBLIC, Checked.SECONDARY,
        words="pacemaker pacing"),
    Row(Of.DEVICE, _SCT, "72506001", Flag("icd"), "DICOM CID 3777; " + _PUBLIC, Checked.SECONDARY,
        words="defibrillator"),
    Row(Of.FINDING, _ICD, "Z950", Flag("pacemaker"), _ICD_TITLE, Checked.SECONDARY,
        "Later WHO editions widen the title to electronic cardiac devices: it may be a defibrillator. Both hold."),
    Row(Of.FINDING, _CM, "Z95810", Flag("icd"), _CM_TITLE, Checked.SECONDARY),
    Row(Of.FINDING, _CM, "Z9682", Flag("neurostimulator"), _CM_TITLE, Checked.SECONDARY),
    Row(Of.DEVICE, _NAME, "pacemaker", Clue("conditions.pacemaker", "known by its name only"), _PUBLIC,
        Checked.SECONDARY),
    Row(Of.DEVICE, _NAME, "defibrillator cardioverter", Clue("conditions.icd", "known by its name only"), _PUBLIC,
        Checked.SECONDARY),
    Row(Of.DEVICE, _NAME, "neurostimulator stimulator", Clue("conditions.neurostimulator", "known by its name only"),
        _PUBLIC, Checked.SECONDARY, "A TENS machine is a stimulator too."),
    Row(Of.PROCEDURE, _OPCS, "K60 K61", Clue("conditions.pacemaker", "implanted once; it may have been taken out"),
        _HES, Checked.RELEASE, "K60 and K61 hold removals as well."),
    Row(Of.PROCEDURE, _OPCS, "K59", Clue("conditions.icd", "implanted once; it may have been taken out"), _HES,
        Checked.RELEASE),
    Row(Of.PROCEDURE, _OPCS, "A483 A484 A485 A487", Clue("conditions.neurostimulator", "implanted once; it may have been taken out"),
        _HES, Checked.RELEASE),
)  # fmt: skip

_BLEEDING = (
    Row(Of.FINDING, _SCT, "64779008 90935002 128105004", Flag("bleeding_disorder"), _PUBLIC, Checked.SECONDARY,
        words="coagul haemophil hemophil willebrand bleeding"),
    Row(Of.FINDING, _ICD, "D65 D66 D67 D680 D681 D682 D684", Flag("bleeding_disorder"), _ICD_TITLE,
        Checked.SECONDARY),
    Row(Of.FINDING, _ICD, "D683 D688 D689 D69", Clue("conditions.bleeding_disorder", "it may or may not bleed"),
        _ICD_TITLE, Checked.SECONDARY, "D68.3 is often an effect of an anticoagulant; D69 spans rashes and platelets."),
    Row(Of.FINDING, _CM, "Z7901", Flag("anticoagulant"), _CM_TITLE, Checked.SECONDARY),
    Row(Of.FINDING, _WHO, "Z921", Flag("anticoagulant"), "ICD-10 title (WHO)", Checked.SECONDARY,
        "The title says long-term (current) use, though it stands among personal histories."),
    Row(Of.FINDING, _CM, "Z7902", Clue("conditions.anticoagulant", "an antiplatelet is not an anticoagulant"),
        _CM_TITLE, Checked.SECONDARY),
    Row(Of.MEDICINE, _RX, "11289 855332 1364430 1114195 1037042 1599538 67108 67109 321208", Flag("anticoagulant"),
        _SYNTHEA + "; RxNorm ingredients", Checked.SECONDARY, "Products are known by their ingredient's name.",
        "warfarin apixaban rivaroxaban dabigatran edoxaban enoxaparin dalteparin fondaparinux"),
    Row(Of.MEDICINE, _ATC, "B01AA B01AE B01AF B01AX05", Flag("anticoagulant"), "ATC titles", Checked.SECONDARY),
    Row(Of.MEDICINE, _ATC, "B01AB", Clue("conditions.anticoagulant", "a heparin: it may be a line flush"),
        "ATC titles", Checked.SECONDARY),
    Row(Of.MEDICINE, _ATC, "B01AC", Clue("conditions.anticoagulant", "an antiplatelet is not an anticoagulant"),
        "ATC titles", Checked.SECONDARY),
    Row(Of.MEDICINE, _NAME, "warfarin acenocoumarol phenprocoumon phenindione apixaban rivaroxaban edoxaban betrixaban "
        "dabigatran enoxaparin dalteparin tinzaparin nadroparin fondaparinux argatroban bivalirudin",
        Flag("anticoagulant"), "international non-proprietary names", Checked.SAMPLE),
    Row(Of.MEDICINE, _NAME, "coumadin jantoven eliquis xarelto savaysa lixiana pradaxa lovenox clexane fragmin "
        "innohep arixtra", Flag("anticoagulant"), "brand names", Checked.SECONDARY),
    Row(Of.MEDICINE, _NAME, "heparin", Clue("conditions.anticoagulant", "a heparin: it may be a line flush"),
        "international non-proprietary names", Checked.SAMPLE),
    Row(Of.MEDICINE, _NAME, "clopidogrel prasugrel ticagrelor ticlopidine", Flag("anticoagulant"),
        "international non-proprietary names", Checked.SAMPLE,
        "An antiplatelet: the question that the condition stands for asks of both."),
    Row(Of.MEDICINE, _NAME, "dipyridamole aspirin acetylsalicylic",
        Clue("conditions.anticoagulant", "an antiplatelet is not an anticoagulant; it may matter all the same"),
        "international non-proprietary names", Checked.SAMPLE),
)  # fmt: skip

_STATES = (
    Row(Of.FINDING, _SCT, "77386006 72892002", Flag("pregnant", passing=True), _SYNTHEA + "; " + _PUBLIC,
        Checked.SAMPLE, "A problem list may keep a pregnancy that is over.", "pregnan"),
    Row(Of.FINDING, _WHO, "Z33 Z34 Z35", Flag("pregnant", passing=True), _ICD_TITLE, Checked.SECONDARY,
        "Chapter O is left out: it holds deliveries and the time after them."),
    Row(Of.FINDING, _CM, "Z331 Z34 O09", Flag("pregnant", passing=True), _CM_TITLE, Checked.SECONDARY),
    Row(Of.FINDING, _SCT, "91302008", Flag("systemic_infection", passing=True), _SYNTHEA, Checked.SAMPLE,
        "Synthea leaves a sepsis of decades ago active.", "sepsis septic"),
    Row(Of.FINDING, _ICD, "A40 A41", Flag("systemic_infection", passing=True), _ICD_TITLE, Checked.SECONDARY),
    Row(Of.FINDING, _ICD, "L022 L033 L0889 L089", Clue("conditions.local_infection", "the skin of which place it is"),
        _ICD_TITLE, Checked.SECONDARY),
    Row(Of.FINDING, _ICD, "Z981 M432", Clue("conditions.fusion_at_level", "the code names no level"), _ICD_TITLE,
        Checked.SECONDARY, "A fusion elsewhere in the spine is not one at the level, and may leave metalwork."),
    Row(Of.PROCEDURE, _OPCS, "V382 V383 V384 V385 V386 V388 V389 V391 V393 V394 V395",
        Clue("conditions.fusion_at_level", "the code names no level, and metalwork may be there"), _HES,
        Checked.RELEASE, "Fusion and revision of fusion; some V38 and V39 codes are of the thoracic spine."),
    Row(Of.PROCEDURE, _CPT, "22558 22612 22630 22633 22840 22842",
        Clue("conditions.fusion_at_level", "the code names no level, and metalwork may be there"), _PUBLIC,
        Checked.SECONDARY),
    Row(Of.SUBSTANCE, _SCT, "111088007", Flag("allergy"), _SYNTHEA, Checked.SAMPLE, words="latex"),
    Row(Of.SUBSTANCE, _SCT, "716186003", Clue("conditions.allergy", "'none known' is not 'none to what is used here'"),
        _PUBLIC, Checked.SECONDARY),
    Row(Of.SUBSTANCE, _NAME, "latex lidocaine lignocaine bupivacaine levobupivacaine ropivacaine mepivacaine "
        "prilocaine procaine chloroprocaine tetracaine chlorhexidine povidone iohexol iopamidol iodixanol gadolinium "
        "triamcinolone methylprednisolone dexamethasone betamethasone", Flag("allergy"),
        "local anaesthetics, contrast, latex, skin preparation and steroids, by name", Checked.SAMPLE,
        "Other allergies do not bear on the procedure and are listed as not known here."),
    Row(Of.SUBSTANCE, _NAME, "contrast anaesthetic anesthetic corticosteroid", Clue("conditions.allergy",
        "a group, not one substance"), "by name", Checked.SECONDARY),
)  # fmt: skip

_RED_FLAGS = (
    Row(Of.FINDING, _SCT, "192970008", Flag("cauda_equina_signs", passing=True), _PUBLIC, Checked.SECONDARY,
        words="cauda"),
    Row(Of.FINDING, _ICD, "G834", Flag("cauda_equina_signs", passing=True), _ICD_TITLE, Checked.SECONDARY,
        "It may be an old lesion that is still coded as active."),
    Row(Of.FINDING, _ICD, "C412 C701 C720 C721 C795", Flag("suspected_cancer"), _ICD_TITLE, Checked.SECONDARY,
        "Cancer of the spine or its contents, or in bone (C79.5, which need not be the spine)."),
    Row(Of.FINDING, _ICD, " ".join(f"C{n:02d}" for n in range(98)) + " D37 D38 D39 D40 D41 D42 D43 D44 D45 D46 D47 D48",
        Clue("conditions.suspected_cancer", "a cancer elsewhere, present or past, is not a suspicion of the spine"),
        _ICD_TITLE, Checked.SECONDARY, "In someone with back pain a known cancer makes the question urgent: ask."),
    Row(Of.FINDING, _SCT, "162573006 254637007 424132000 254837009 126906006 92691004",
        Clue("conditions.suspected_cancer", "a cancer, or a suspicion of one, that the code does not place in the "
             "spine"), _SYNTHEA, Checked.SAMPLE, "Suspected lung cancer among them; Synthea never resolves it."),
    Row(Of.FINDING, _ICD, "M462 M463 M464 M465 G061", Flag("spinal_infection", passing=True), _ICD_TITLE,
        Checked.SECONDARY, "M46.4 (discitis, unspecified) need not be an infection: it is asked about all the same."),
    Row(Of.FINDING, _WHO, "S120 S121 S122 S127 S220 S221 S320 M485", Flag("fracture", passing=True), _ICD_TITLE,
        Checked.SECONDARY, "A healed fracture that is still coded as active reads as present."),
    Row(Of.FINDING, _CM, "S12 S220 S320 M485 M8008 M8048 M8458 M8468",
        Clue("conditions.fracture", "the last character may say healing or sequela"), _CM_TITLE, Checked.SECONDARY),
    Row(Of.FINDING, _SCT, "443165006", Clue("conditions.fracture", "the code does not place it in the spine"),
        _SYNTHEA, Checked.SAMPLE),
    Row(Of.FINDING, _ICD, "M80", Clue("conditions.fracture", "the code does not place it in the spine"), _ICD_TITLE,
        Checked.SECONDARY),
)  # fmt: skip

_PROCEDURES = (
    Row(Of.PROCEDURE, _OPCS, "V481", Denervation("cervical", "thermal"), _HES, Checked.RELEASE),
    Row(Of.PROCEDURE, _OPCS, "V482", Denervation("cervical"), _HES, Checked.RELEASE),
    Row(Of.PROCEDURE, _OPCS, "V483", Denervation("thoracic", "thermal"), _HES, Checked.RELEASE),
    Row(Of.PROCEDURE, _OPCS, "V484", Denervation("thoracic"), _HES, Checked.RELEASE),
    Row(Of.PROCEDURE, _OPCS, "V485", Denervation("lumbar", "thermal"), _HES, Checked.RELEASE),
    Row(Of.PROCEDURE, _OPCS, "V486", Denervation("lumbar"), _HES, Checked.RELEASE,
        "Not elsewhere classified: the technique comes from Y11.4, where it is there."),
    Row(Of.PROCEDURE, _OPCS, "V487", Denervation(None, "thermal"), _HES, Checked.RELEASE,
        "The region comes from a site code, where it is there."),
    Row(Of.PROCEDURE, _OPCS, "V488 V489", Denervation(), _HES, Checked.RELEASE),
    Row(Of.PROCEDURE, _CPT, "64635 64636", Denervation("lumbar"), _A58403, Checked.SECONDARY,
        "Neurolysis may be chemical, so no technique is set; sacral joints share the code. Per joint: levels unnamed."),
    Row(Of.PROCEDURE, _CPT, "64633 64634", Denervation(), _A58403, Checked.SECONDARY,
        "Cervical or thoracic: the region is left open."),
    Row(Of.PROCEDURE, _CPT, "64625", Denervation("sacroiliac"), _A58403, Checked.SECONDARY),
    Row(Of.PROCEDURE, _CPT, "64999", Clue("denervations", "an unlisted procedure; pulsed work is billed so"), _A58403,
        Checked.SECONDARY),
    Row(Of.PROCEDURE, _OPCS, "A572 A573", Clue("denervations", "a nerve root, not a medial branch, unless miscoded"),
        "AoMRC EBI 2K page; " + _HES, Checked.RELEASE),
    Row(Of.PROCEDURE, _SCT, "395219008", Clue("denervations", "radiofrequency ablation of something"),
        "an unverified public mapping", Checked.SECONDARY),
    Row(Of.PROCEDURE, _OPCS, "V544", Block(), _HES, Checked.RELEASE,
        "Diagnostic and therapeutic, joint and nerve are one code: the kind is left open."),
    Row(Of.PROCEDURE, _CPT, "64493 64494 64495", Block("lumbar"), _A58403, Checked.SECONDARY,
        "Joint or nerve is one code. Sacral joints share it."),
    Row(Of.PROCEDURE, _CPT, "64490 64491 64492 0213T 0214T 0215T", Block(), _A58403, Checked.SECONDARY,
        "Cervical or thoracic: the region is left open."),
    Row(Of.PROCEDURE, _CPT, "0216T 0217T 0218T", Block("lumbar"), _A58403, Checked.SECONDARY),
    Row(Of.PROCEDURE, _OPCS, "W903", Clue("blocks", "a joint injection of any joint"), _HES, Checked.RELEASE),
    Row(Of.PROCEDURE, _SCT, "91251008", Care("physiotherapy"), _SYNTHEA, Checked.SAMPLE,
        "Read only where a reason ties it to pain of the spine.", "physi"),
    Row(Of.PROCEDURE, _SCT, "229065009 229064008 229070002", Care("exercise"), _SYNTHEA, Checked.SAMPLE,
        "Read only where a reason ties it to pain of the spine.", "exercis movement stretch"),
)  # fmt: skip

_PLACES = (
    Row(Of.SITE, _OPCS, "Z671 Z672 Z673", Place("cervical"), _HES, Checked.RELEASE),
    Row(Of.SITE, _OPCS, "Z674", Place("thoracic"), _HES, Checked.RELEASE),
    Row(Of.SITE, _OPCS, "Z675 Z676", Place("lumbar"), _HES, Checked.RELEASE),
    Row(Of.SITE, _OPCS, "Z941", Place(sides=("left", "right")), _HES, Checked.RELEASE),
    Row(Of.SITE, _OPCS, "Z942", Place(sides=("right",)), _HES, Checked.RELEASE),
    Row(Of.SITE, _OPCS, "Z943", Place(sides=("left",)), _HES, Checked.RELEASE),
    Row(Of.SITE, _OPCS, "Y114", Place(technique="thermal"), _HES, Checked.RELEASE),
    Row(Of.SITE, _SCT, "122494005", Place("cervical"), "DICOM anatomic regions", Checked.SECONDARY, words="cervic"),
    Row(Of.SITE, _SCT, "122495006", Place("thoracic"), "DICOM anatomic regions", Checked.SECONDARY, words="thorac"),
    Row(Of.SITE, _SCT, "122496007", Place("lumbar"), "DICOM anatomic regions", Checked.SECONDARY, words="lumb"),
    Row(Of.SITE, _SCT, "7771000", Place(sides=("left",)), "HL7 laterality value set", Checked.SECONDARY, words="left"),
    Row(Of.SITE, _SCT, "24028007", Place(sides=("right",)), "HL7 laterality value set", Checked.SECONDARY,
        words="right"),
    Row(Of.SITE, _SCT, "51440002", Place(sides=("left", "right")), "HL7 laterality value set", Checked.SECONDARY,
        words="left bilateral"),
)  # fmt: skip

ROWS = (*_SCORES, *_PAIN, *_DEVICES, *_BLEEDING, *_STATES, *_RED_FLAGS, *_PROCEDURES, *_PLACES)
CODES = CodeTable(ROWS)
