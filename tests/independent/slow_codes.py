"""The codes of the return and their groups.

Part of the slow independent count: see ``slow_count``. The standard library only.
"""

NOT_KNOWN = "Not known"

# ------------------------------------------------------------------------------- code lists

SEX = {"1": "Male", "M": "Male", "2": "Female", "F": "Female"}

WHITE = "White"
MIXED = "Mixed or multiple ethnic groups"
ASIAN = "Asian or Asian British"
BLACK = "Black, African, Caribbean or Black British"
OTHER_ETHNIC = "Other ethnic group"
REFUSED = "Refused or not yet known"
ETHNICITY = {
    "WBRI": WHITE,
    "WIRI": WHITE,
    "WIRT": WHITE,
    "WROM": WHITE,
    "WOTH": WHITE,
    "MWBC": MIXED,
    "MWBA": MIXED,
    "MWAS": MIXED,
    "MOTH": MIXED,
    "AIND": ASIAN,
    "APKN": ASIAN,
    "ABAN": ASIAN,
    "CHNE": ASIAN,
    "AOTH": ASIAN,
    "BCRB": BLACK,
    "BAFR": BLACK,
    "BOTH": BLACK,
    "OOTH": OTHER_ETHNIC,
    "REFU": REFUSED,
    "NOBT": REFUSED,
}

SHORT_BREAKS = ("V3", "V4")
LEGAL_STATUS = {
    "C2": "Full care order",
    "C1": "Interim care order",
    "E1": "Placement order",
    "V2": "Section 20",
    "J1": "Youth justice",
    "J2": "Youth justice",
    "J3": "Youth justice",
    "L1": "Detained for child protection",
    "L2": "Detained for child protection",
    "L3": "Detained for child protection",
}

NEED = {
    "N1": "Abuse or neglect",
    "N2": "Child's disability",
    "N3": "Parental illness or disability",
    "N4": "Family in acute stress",
    "N5": "Family dysfunction",
    "N6": "Socially unacceptable behaviour",
    "N7": "Low income",
    "N8": "Absent parenting",
}

FOSTER = "Foster placements"
ADOPTION = "Placed for adoption"
PARENTS = "Placed with parents or other person with parental responsibility"
COMMUNITY = "Other placements in the community"
HOMES = "Secure units, children's homes and semi-independent living accommodation"
OTHER_RESIDENTIAL = "Other residential settings"
SCHOOLS = "Residential schools"
OTHER_PLACEMENT = "Other placements"
PLACEMENT = {
    "U1": FOSTER,
    "U2": FOSTER,
    "U3": FOSTER,
    "U4": FOSTER,
    "U5": FOSTER,
    "U6": FOSTER,
    "Q1": FOSTER,
    "Q2": FOSTER,
    "A3": ADOPTION,
    "A4": ADOPTION,
    "A5": ADOPTION,
    "A6": ADOPTION,
    "P1": PARENTS,
    "P2": COMMUNITY,
    "P3": COMMUNITY,
    "K1": HOMES,
    "K2": HOMES,
    "H5": HOMES,
    "K3": HOMES,
    "R1": OTHER_RESIDENTIAL,
    "R2": OTHER_RESIDENTIAL,
    "R3": OTHER_RESIDENTIAL,
    "R5": OTHER_RESIDENTIAL,
    "S1": SCHOOLS,
}

TEMPORARY = ("T0", "T1", "T2", "T3", "T4")
PLACED_FOR_ADOPTION = ("A3", "A4", "A5", "A6")
ADOPTION_WITH_CURRENT_CARER = ("A3", "A5")
FOSTERING_FOR_ADOPTION = ("U2", "U5")

GUARDIANSHIP = "Special guardianship order"
REASON = {
    "E11": "Adopted",
    "E12": "Adopted",
    "E2": "Died",
    "E3": "Transferred to another LA",
    "E4A": "Returned home (planned)",
    "E4B": "Returned home (unplanned)",
    "E13": "Left to live with relatives/others without PR",
    "E41": "Child arrangements/residence order",
    "E43": GUARDIANSHIP,
    "E44": GUARDIANSHIP,
    "E45": GUARDIANSHIP,
    "E46": GUARDIANSHIP,
    "E47": GUARDIANSHIP,
    "E48": GUARDIANSHIP,
    "E5": "Independent living (with support)",
    "E6": "Independent living (no formal support)",
    "E7": "Adult social care",
    "E8": "Other reason",
    "E9": "Custody",
    "E14": "Remand ended",
    "E15": "Age assessed 18 or over",
    "E16": "Moved abroad",
    "E17": "Aged 18+ remained with carers",
}
