"""Lines about the running of the evening: tea breaks, apologies, thanks, the next meeting.

They are points (someone typed them up), but no theme of the workshop.
"""

from __future__ import annotations

import re

MOST_WORDS = 16
_OPENING = re.compile(
    r"""^\W*(?:(?:short|quick|then|now|pls|please|nb|pto)\W+)*(?:
      (?:tea|coffee|comfort|refreshment|biscuit|lunch|supper|buffet|brew|cuppa|food|drinks)s?\b(?:[\s/&+,]+(?:and|tea|coffee|biscuits?|cake|food))*\W*(?:break|served|available|at|@|\d|in the|first|now|$)
    | (?:break|interval|half.?time)\b\W*(?:for|at|@|till|until|now|\d|$)
    | apol(?:ogie|ogy|s\b|ogise)
    | (?:welcomes?|welcomed|introductions?|intros?|ice.?breakers?|house.?keeping)\b(?!\s+(?:pack|centre|leaflet|new|to\s+(?:the\s+)?(?:area|estate|neighbourhood)))
    | (?:fire\s+(?:exits?|alarm|assembly|drill|doors?\s+(?:at|on))|toilets?\s+(?:are|at|on|down|by|next|through))
    | (?:feedback|report(?:ing)?\s+back|plenary|wrap.?up|round.?up)\b(?=.{0,30}(?:\d|\bto\s+(?:the\s+)?(?:room|group|whole|table|main)|\bsession|\bat\s+the\s+end|$))(?!.*\b(?:resident|public|victim|communit|never|no\b|not\b))
    | \[PERSON\ \d+\]\s+(?:is\s+|to\s+|will\s+)?(?:feed(?:ing)?|report(?:ing)?)\s+back\b
    | (?:date|time|venue)\s+(?:of|for)\s+(?:the\s+)?next
    | next\s+(?:m(?:ee)?t(?:in)?g|session|event|workshop|one)\b
    | (?:a\.?o\.?b\.?|any\s+other\s+business|matters?\s+arising|minutes?\s+(?:of|agreed|approved|from))\b
    | (?:evaluation|feedback|sign.?in)\s+(?:forms?|sheets?)\b
    | (?:hand|fill|collect|sign)\s+(?:in|out|up)?\s*(?:your\s+|the\s+)?(?:evaluation|feedback|forms?|sheets?|badges?)
    | (?:many\s+|big\s+)?(?:thanks?|thank\s?you|thx|cheers|vote\s+of\s+thanks)\b(?=\s*(?:$|[!.]|to\b|for\b|all\b|everyone\b|everybody\b|again\b|very\b|you\b))
    | (?:meeting|session|workshop|event|evening)\s+(?:open|clos|end|finish|start|began|over)
    | (?:close|closed|finish(?:ed)?|end(?:ed)?|start(?:ed)?|re-?start|back)\s*(?:at|by|@|in|here\s+at)\s*\d
    | (?:scribe|facilitator|chair|note.?taker|table\s+(?:host|lead))\s*[:=–-]
    | (?:ran|run|running|we\s+ran)\s+out\s+of\s+(?:time|paper|pens?)
    | (?:photo|photograph)s?\s+(?:of|taken|at|for\s+the)
    | (?:raffle|prize\s+draw)
    | (?:move|swap|change|rotate)\s+tables?\b
    | (?:flip\s?chart|sheet)\s+(?:\d|full|contd?|continued|over|ran)
    | (?:continued?|contd?|cont)\s*(?:over|on\s+next|overleaf|\.{2,})
    | (?:notes?|flip\s?charts?)\s+(?:will\s+be\s+)?(?:typed|circulated|sent\s+out)
    | name\s+badges?
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_ANYWHERE = re.compile(
    r"\b(?:(?:tea|coffee|comfort)\s+break|fire\s+exits?|vote\s+of\s+thanks|evaluation\s+(?:forms?|sheets?)|date\s+of\s+next\s+m(?:ee)?t(?:in)?g|apologies\s+(?:were\s+)?(?:from|received|for)|minutes\s+of\s+the\s+(?:last|previous)|raffle\s+tickets?)\b",
    re.IGNORECASE,
)


def is_procedural(text: str) -> bool:
    """Tell whether a point is about the running of the event.

    >>> [is_procedural(t) for t in ("tea break 7.30", "Apologies: Cllr Reed", "feedback 8.15", "[PERSON 2] feeding back for us")]
    [True, True, True, True]
    >>> [is_procedural(t) for t in ("no feedback to victims", "Welcome pack for new tenants", "break-ins up")]
    [False, False, False]
    """
    if len(text.split()) > MOST_WORDS:
        return False
    return bool(_OPENING.match(text) or _ANYWHERE.search(text))
