"""Which section of the outline a heading means."""

import re

from incidents.readers.words import any_line

# By the words of the heading in lower case, without numbers, marks and emoji.
_MEANINGS = {
    "got_lucky": r"""
        (where )?(did )?(we )?(got|get) lucky|luck|โชคดี.*
    """,
    "went_well": r"""
        (what )?(went|worked|goes) (well|right|great)|(the )?good|what we did well|positives
        สิ่งที่ทำได้ดี|อะไรที่ทำได้ดี
    """,
    "went_poorly": r"""
        (what )?(went|goes) (wrong|poorly|badly)
        what (could|can) (have gone|be|go|have been) (better|improved)
        what (didn ?t|did not) (go well|work)|(the )?bad|what could we (do|have done) better
        สิ่งที่(ทำได้ไม่ดี|ต้องปรับปรุง)
    """,
    "action_items": r"""
        (follow ?up |corrective |preventi\w+ |remedia\w+ |proposed |resulting )?actions?( items?| taken| plan| points)?
        action items? (and|&) (follow ?ups?|next steps)
        follow ?ups?( (tasks|items|actions|work))?|remediations?( (items|steps|plan|tasks))?|next steps
        to ?dos?( list)?|tasks|recommendations
        corrective (and|&) (preventative|preventive) (measures|actions)
        (corrective|preventive|preventative) measures|(planned )?prevention|preventing recurrence
        รายการที่ต้องทำ|สิ่งที่ต้องทำ(ต่อ)?|แผนการแก้ไข|การดำเนินการ(ต่อ)?
    """,
    "timeline": r"""
        (the |incident |outage |event |detailed |full )?(time ?line|chronology)( of (the )?(events|incident|outage))?
        (the )?(chain|sequence|log) of events|(event|incident) log
        lead ?up|ลำดับเหตุการณ์|ไทม์ไลน์
    """,
    "root_causes": r"""
        (blameless |technical |the |primary |underlying |possible )?(root )?causes?( s)?( analysis)?
        (root )?causes?( s)? and (mitigation|trigger)
        rca|triggers?( s)?|contributing (factors?|causes?|conditions?)( analysis)?
        (root causes? (and|&) )?contributing factors|what caused (the (incident|outage)|it|this)
        why (did )?(it|this) happen(ed)?|process breakdowns?( s)?|สาเหตุ.*|ต้นเหตุ.*
    """,
    "summary": r"""
        (issue |executive |incident |short |brief |outage |high level )?(summary|overview|abstract|description)
        tl ?dr|synopsis|what happened|introduction|background|in short|สรุป.*|เกิดอะไรขึ้น
    """,
    "impact": r"""
        (customer |(end )?user |business |infrastructure |productivity |incident |service )?(impact|effects?)
        (impact|effects?) on (users|customers)
        summary of impact|(affected|impacted) (users|customers|services|systems)|damage|who was affected
        ผลกระทบ.*
    """,
    "detection": r"""
        (incident )?detection|(how|when) (was it|did we|was this) (detected|noticed|detect it|notice)
        alerting|discovery|การตรวจพบ
    """,
    "response": r"""
        (incident )?response
        (the )?(resolution|mitigation|fix|solution)( (and|&) (recovery|resolution|mitigation))?
        how (was it|did we|it was) (fix|fixed|resolved|resolve)( it)?|การ(ตอบสนอง|แก้ไข(ปัญหา)?)
    """,
    "recovery": r"""
        recovery|restoration|data recovery|restore|การกู้คืน.*
    """,
    "improvements": r"""
        improvements?|(before and after|metrics)
    """,
    "lessons": r"""
        (key )?lessons?( we)?( learn(ed|t))?|learnings|(key )?take ?aways
        what (did )?(we|have we) learn(ed|t)?|บทเรียน.*
    """,
}
_PATTERNS = [(key, any_line(words, is_whole=True)) for key, words in _MEANINGS.items()]
_KINDS = (
    ("trigger", re.compile(r"^triggers?\b")),
    ("contributing_factor", re.compile(r"^(process breakdown|contributing)|^ปัจจัย")),
)
# A remark behind the heading: `Timeline (all times UTC)`.
_REMARK = re.compile(r"[(\[].*$")
_CODE = re.compile(r":[a-z0-9_+-]{2,40}:")
_NUMBER = re.compile(r"^\s*(?:\d{1,3}|[ivx]{1,4})[.)]\s+", re.IGNORECASE)
_NO_WORDS = re.compile(r"[^\w\u0e00-\u0e7f&]+")
LONGEST = 120


def clean_title(text: str) -> str:
    """The heading without marks, emoji codes and a colon at its end."""
    text = _CODE.sub(" ", re.sub(r"[*`]|(?<!\w)_|_(?!\w)", "", text))
    text = re.sub(r"[\u2600-\u27bf\U0001f300-\U0001faff\ufe0f]", "", text)
    return " ".join(text.split()).rstrip(":").strip() or " ".join(text.split())


def key_of_title(text: str) -> str:
    """The key of the outline that the heading means; empty where it means none."""
    if len(text) > LONGEST + 80:
        return ""
    words = _words(_REMARK.sub("", text)) or _words(text)
    return next((key for key, pattern in _PATTERNS if pattern.match(words)), "")


def kind_of_cause(text: str) -> str:
    """What part the causes under this heading played."""
    words = _words(text)
    return next((kind for kind, pattern in _KINDS if pattern.search(words)), "root_cause")


def _words(text: str) -> str:
    text = _NUMBER.sub("", clean_title(text)).lower().replace("'", " ").replace("’", " ")
    words = _NO_WORDS.sub(" ", text).strip()
    return re.sub(r"^(?:post ?mortem|incident report) ", "", words)
