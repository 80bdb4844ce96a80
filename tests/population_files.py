"""Files of populations as ONS and DfE give them, with invented numbers."""

RUTLAND = "E06000017"
GROUPS = {
    3: ("Asian, Asian British or Asian Welsh: Indian", 30),
    6: ("Black, Black British, Black Welsh, Caribbean or African: African", 20),
    9: ("Mixed or Multiple ethnic groups: White and Asian", 10),
    13: ("White: English, Welsh, Scottish, Northern Irish or British", 700),
    17: ("White: Other White", 50),
    19: ("Other ethnic group: Any other ethnic group", 5),
    -8: ("Does not apply", 0),
}
AGES = {1: "Aged 9 years and under", 2: "Aged 10 to 17 years", 3: "Aged 18 years and over"}


def custom_dataset(level="Upper tier local authorities"):
    """The columns of ONS's "Create a custom dataset"; each older band has one child more."""
    rows = [
        f"{level} Code,{level},Age (3 categories) Code,Age (3 categories),"
        "Ethnic group (20 categories) Code,Ethnic group (20 categories),Observation"
    ]
    for age, age_words in AGES.items():
        for code, (words, many) in GROUPS.items():
            value = many + age if many else 0
            rows.append(f'{RUTLAND},Rutland,{age},{age_words},{code},"{words}",{value}')
    return "\n".join(rows) + "\n"


PUPILS = {
    "White - White British": 3000, "White - Any other White background": 100,
    "Mixed - White and Asian": 60, "Asian - Indian": 40, "Chinese": 5,
    "Black - Black African": 30, "Any other ethnic group": 10, "Unclassified": 25,
    "White": 3100, "Total": 3270,
}  # fmt: skip


def school_census(years=("202021",), phase="phase_type_grouping"):
    """The columns of DfE's "Pupil characteristics: ethnicity and language"."""
    rows = [
        "time_period,time_identifier,geographic_level,country_code,country_name,region_name,"
        "region_code,old_la_code,la_name,new_la_code," + phase + ",ethnicity,language,headcount,"
        "percent_of_pupils"
    ]
    for year in years:
        for level, code in (("Local authority", RUTLAND), ("National", "")):
            for kind in ("Total", "State-funded primary"):
                for language in ("Total", "Known or believed to be English"):
                    for label, many in PUPILS.items():
                        value = many if kind == language == "Total" else many // 2
                        rows.append(
                            f"{year},Academic year,{level},E92000001,England,East Midlands,"
                            f"E12000004,857,Rutland,{code},{kind},{label},{language},{value},1"
                        )
    return "\n".join(rows) + "\n"
