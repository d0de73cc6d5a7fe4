"""Days as they are written in Thai: `5 ม.ค. 67`, `วันที่ ๕ มกราคม พ.ศ. ๒๕๖๗`."""

from collections.abc import Mapping

# Years of the Buddhist era are ahead of those of the common era by as many.
AHEAD = 543
# So many hundreds of years from now nothing broke yet: a year such as 2567 counts from the Buddha.
FIRST_BUDDHIST, LAST_BUDDHIST = 1900 + AHEAD, 2099 + AHEAD
_FULL = (
    "มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน",
    "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม",
)  # fmt: skip
_SHORT = ("ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.")
_SPELLINGS = {
    form: number
    for names in (_FULL, _SHORT)
    for number, name in enumerate(names, start=1)
    for form in (name, name.removesuffix("."), name.replace(".", ""), name.removesuffix("คม").removesuffix("ยน"))
    if len(form) > 1
}
MONTHS: Mapping[str, int] = _SPELLINGS
_months = "|".join(sorted((name.replace(".", r"\.") for name in _SPELLINGS), key=len, reverse=True))
# Part of a pattern of days; a year behind it counts from the Buddha unless ค.ศ. says otherwise.
DAY = (
    r"(?:(?:วัน)?(?:จันทร์|อังคาร|พุธ|พฤหัส(?:บดี)?|ศุกร์|เสาร์|อาทิตย์)(?:ที่)?\s{0,3},?\s{0,3})?(?:วันที่\s{0,3})?"
    rf"(?P<thai_day>\d{{1,2}})\s{{0,3}}(?:เดือน\s{{0,3}})?(?P<thai_month>{_months})(?![ก-ฮ])"
    r"(?:\s{0,3}(?P<thai_era>พ\.?\s?ศ\.?|ค\.?\s?ศ\.?)?\s{0,3}(?P<thai_year>(?:[1๑][9๙]|[2๒]\d)\d\d|\d\d(?![\d:.]))(?!\d))?"
)
# What a day in Thai begins with, where no digit does.
BEGINS = r"วัน|จันทร์|อังคาร|พุธ|พฤหัส|ศุกร์|เสาร์|อาทิตย์"


def common_year(year: int) -> int:
    """The year of the common era: 2567 is 2024."""
    return year - AHEAD if FIRST_BUDDHIST <= year <= LAST_BUDDHIST else year


def year_of(parts: Mapping[str, str]) -> int | None:
    """The year that stands behind a Thai month; `67` is 2567."""
    if "thai_year" not in parts:
        return None
    year, is_common = int(parts["thai_year"]), parts.get("thai_era", "").startswith("ค")
    if year < 100:
        year += 2000 if is_common else 2500
    return year if is_common else common_year(year)
