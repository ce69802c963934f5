"""Kinds of street, as the Postcode Address File of Royal Mail has them in Britain and as they are in Ireland.

What counts as often as it names ("crossings", "banks", "car parks") is left out.
"""

from __future__ import annotations

STREET = (
    r"(?:street|str|st|road|rd|avenue|ave?|lane|ln|close|cl|drive|drv?|crescent|cres|cresc|crs|terrace|terr?|tce|way|grove|gro?|place"
    r"|pl|court|ct"
    r"|gardens?|gdns?|square|sq|row|walk|mews|view|hill|rise|park|parade|pde|green|bank|fold|brow|gate|wynd|boulevard|blvd|croft|villas"
    r"|buildings|bldgs|cotts|est|bk|brae|clo|crt|flds|gth|hse|lwr|neuk|pk|twr|wlk|yd)(?:\s(?:nth|sth))?"
)
# Words that many other things end in; they make a street of a name only with a capital.
RARER_STREET = (
    r"(?-i:(?i:acres?|alley|bend|clough|cott|crook|gn|howe|piece|pightle|pt|shay|turn|approach|arcade|avenues|beck|bottoms?|brae"
    r"|alleyway|arbour|barton|belvedere|bower|braes|bullring|chine|cliffs?|combe|courtyard|cove|covert|crossing|crossways|curve"
    r"|docks?|dyke|embankment|(?<!forced\s)(?<!free\s)entry|fellside|firs|fosse|furlong|furlongs|gap|gardens|gateway|glebe"
    r"|hangers?|harbour|headland|highway|hillside|hithe|isle|jennel|jetty|jigger|jitty|kiln|laithe|landings?|leaze|ley|limes"
    r"|loaning|loop|mede|mill|mound|mouth|oaks|orchards|outlook|pantiles|parc|parklands|pasture|pines|plat|plaza|poplars|prospect"
    r"|quays|rake|retreat|rigs?|rookery|saltings|scar|shaws|shore|slade|slopes?|snicket|springs|spur|staithe|stead|thoroughfare"
    r"|toft|tor|triangle|twitchel|twitchell|tye|undercliff|uplands|vineyards?|walls|waterfront|waters|weald|well|went|wharves"
    r"|wood|woodlands?|wyke"
    r"|bridge|broadway|brook|bungalows|burn|butts|causeway|chare|chase|circus|cloisters?|common|coombe|coppice|copse|corner|cottages"
    r"|crofts|cross|dale|dell|dene|downs?|drift|drove|edge|ends?|esplanade|estate|fairway|fen|fields?|gait|ghaut|garth|gill|ginnel"
    r"|glade|glen|grange|greenway|hatch|haven|heads?|heath|heights|hey|heys|hollow|holt|hurst|hythe|keep|knoll|knowe|lawns?|leas?|leys"
    r"|links?|loan|lodge|loke|maltings|manor|marsh|mead|meadows?|mere|moor|moorings|mount|nook|orchard|oval|paddocks?|parkway|passage"
    r"|pastures?|path|pathway|pend|plain|precinct|priory|promenade|quadrant|quay|ramparts|reach|ride|ridge|ridings?|rigg|royd|shaw"
    r"|side|sidings|slip|spinney|stables|steps|stile|strand|thwaite|top|trail|turnpike|twitten|vale|valley|vennel|vista|warren"
    r"|waterside|weir|wharf|wold|woods?|yard|house|towers?|mansions?)(?<=[A-Z]{3}|[A-Z][a-z]{2}|[a-z]{3}))"
)
# Streets that are called "The" something, and those whose name is one word.
THE_STREET = (
    rf"(?-i:[Tt]he|THE)\s(?-i:(?=[A-Z]))(?:{STREET}|avenues|beeches|birches|brambles|cedars|chestnuts|cloisters?|coppice|copse|crofts?"
    rf"|dell|elms|ferns|fields|firs|glade|glen|granary|hawthorns?|hayfields|heath|hollies|hollow|knoll|larches|laurels|limes|links"
    rf"|maltings|maples|meadows?|moorings|mount|nook|oaks|orchards?|paddocks?|pastures|pines|poplars|ridge|ridings|rowans|sidings"
    rf"|spinney|stables|sycamores|vale|willows|woodlands)\b"
)
ONE_WORD = (
    r"(?-i:(?=[A-Z]))(?:[^\W\d_]{3,40}(?:gates?|geat|bottoms|royds?|side|croft|holme)|[^\W\d_]{2,12}-(?:yr?|ar|na|an)-[^\W\d_]{2,14}|broadway|ridgeway|greenway|causeway)\b"
    r"(?<!\bwestside)(?<!\bfloodgates)"
)
