"""Code lists, each bound to a code system and a release. Titles of the codes: the EBI 2K page and OPCS-4 itself."""

from facetwise.language.codes import CodeList, CodeSystem

OPCS_RELEASE = "4.10"
ICD_RELEASE = "5th edition"


def _opcs(name: str, codes: str) -> CodeList:
    return CodeList.of(name, CodeSystem.OPCS4, OPCS_RELEASE, codes)


def _icd(name: str, codes: str) -> CodeList:
    return CodeList.of(name, CodeSystem.ICD10, ICD_RELEASE, codes)


# What the 2K script looks for (EBI 2K, code script and code definitions)
LUMBAR_RFD = _opcs("radiofrequency denervation of lumbar facet joints", "V485 V487")
LUMBAR_SITES = _opcs("lumbar sites", "Z675 Z676 Z677 Z993")
BACK_PAIN = _icd("back pain diagnoses of 2K", "M512 M518 M519 M545 M549")
MALIGNANCY = _icd("malignancy", "C00-C99 D00-D09 D37-D48")

# What its page lists and its script never uses
LUMBAR_DENERVATION_NEC = _opcs("lumbar facet denervation not elsewhere classified", "V486")
THERMAL_DESTRUCTION = _opcs("radiofrequency thermal destruction of an organ", "Y114")
NERVE_ROOT_RFD = _opcs("rhizotomy and radiofrequency destruction of a spinal nerve root", "A572 A573")
EVERY_LISTED_DENERVATION = _opcs("every denervation code that the page lists", "V485 V487 V486 A572 A573")

# What the re-implementations look for
BACK_PAIN_WITHOUT_M512 = _icd("back pain diagnoses without disc displacement", "M518 M519 M545 M549")
SITES_READ_AS_ICD10 = _icd("site codes read as ICD-10, where only Z993 (wheelchair dependence) exists", "Z993")

# What an extract keeps
DENERVATION_FAMILY = _opcs("every listed denervation family", "V48 A572 A573")
BLOCKS_AND_INJECTIONS = _opcs("blocks and facet injections", "V544 A577 A735")
FUSION = _opcs("spinal fusion", "V37 V38 V39 V402 V403 V404")
KEPT_BY_EXTRACT = _opcs(
    "every procedure that the library names", "V48 A572 A573 V544 A577 A735 V37 V38 V39 V402 V403 V404"
)

CODE_LISTS = (
    LUMBAR_RFD,
    LUMBAR_SITES,
    BACK_PAIN,
    MALIGNANCY,
    LUMBAR_DENERVATION_NEC,
    THERMAL_DESTRUCTION,
    NERVE_ROOT_RFD,
    EVERY_LISTED_DENERVATION,
    BACK_PAIN_WITHOUT_M512,
    SITES_READ_AS_ICD10,
    DENERVATION_FAMILY,
    BLOCKS_AND_INJECTIONS,
    FUSION,
    KEPT_BY_EXTRACT,
)
