"""Words around a name that say what it is: a person's, or that of a place or a body."""

from __future__ import annotations


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Titles behind which a capital is a name whatever it says, and those that are also words or abbreviations of something else.
SURE_TITLES = _set(
    "mr mrs ms mx mstr messrs cllr cllrs councillor rev revd reverend wpc pcso psco sgt sergeant insp inspector supt superintendent"
)
OTHER_TITLES = _set(
    "const frau herr mme ps con cons ofcr spc comhairleoir cyng sarjant rhingyll chief miss dr doctor fr father prof professor sir "
    "dame lady lord pc pcs dc ds di dci dcs cso constable detective garda deputy canon "
    "pastor imam rabbi auntie aunt aunty uncle nurse vicar sister hon sra senator captain capt major mayor acc cc dcc officer warden "
    "alderman ald"
)
# Words with a capital that follow a title without being a name ("Cllr Surgeries"), by their beginnings.
NOT_BEHIND_TITLES = (
    "surger", "meeting", "support", "visit", "involve", "train", "present", "post", "contact", "briefing", "panel", "question", "appoint",
    "commission", "assistant", "provost", "sec", "christmas", "number", "patrol", "world", "cover", "team", "hours", "ward", "needed",
    "síoch", "sioch", "chair",
)  # fmt: skip

SAYING = _set(
    "said says told tells asked asks rang rings phoned reported reports reckons thinks thought suggested suggests complained "
    "mentioned agreed agrees volunteered proposed seconded explained added wants lives feels felt knows spoke speaks saw heard "
    "chaired thanked introduced offered promised replied noted raised confirmed emailed e-mailed reminded pointed who whose can't "
    "won't doesn't didn't wasn't isn't hasn't couldn't cant wont doesnt didnt wasnt isnt hasnt goes went"
)
DIRECT = _set("ask asked ring rang tell told email emailed phone phoned thank thanked named called text texted contacted")
KIN = _set(
    "son daughter brother sister husband wife partner boyfriend girlfriend ex ex-husband ex-wife ex-partner mate friend neighbour "
    "neighbor mum mam dad nan nana gran grandad grandma grandson granddaughter cousin nephew niece baby toddler caretaker janitor "
    "landlord landlady lad girl lady man woman guy bloke chap victim suspect offender dealer carer clerk chairman secretary treasurer "
    "widow widower resident barman headteacher"
)
# Short forms and headings with a capital that a name may stand beside and that are none.
NO_NAMES = _set(
    "mon tue tues wed weds thur thurs fri sat sun syr tel reg regs nom "
    "loc rm env dist susp ip gives dob nino hosp ins collar annwyl glerc heddlu log cad ref crime appt ltr dtr veh "
    "drv occ memo fao cc "
    "farmer lifeguard driver witness victim suspect keeper tenant owner rider trader"
)
# First names as older hands shorten them, with a full stop.
SHORTENED = _set("geo robt wm chas jas jos thos edw fredk benj saml danl margt eliz alexr archd")
# What somebody is in a case, a street or a meeting; a name that no list has may follow.
ROLES = _set(
    "ip aggrieved aggd vic victims susp suspects witness wit driver rider passenger pax owner keeper tenant occupier occupant landlord "
    "trader shopkeeper "
    "applicant complainant complaint caller informant nominal nom nominee misper offender perp person male female child youth chair "
    "vicechair rep contact "
    "name named names signed action present apologies attendees members resident residents neighbour dad mum nok oic sgt cllr oap "
    "mother father "
    "occ caller uncle aunt parent guardian carer licensee manager barber teacher coach detained arrested reported late det'd bailed "
    "charged rev fr boy skipper pupil lawyer solicitor hi hello hiya dear apols apologies ex grandson granddaughter alderman soco oic"
)
FAMILY = _set("family families household brothers sisters twins kids lads boys clan")

STREETS = _set(
    "street str road rd avenue ave lane ln crescent cres terrace drive gardens gdns estate park school house centre center hospital "
    "church court st station academy primary infirmary"
)
PLACES = STREETS | _set(
    "close way grove place square row walk mews view hill rise parade green bank fold brow gate bridge college nursery university "
    "surgery clinic chapel cathedral mosque temple hostel ward arms inn pub bar cafe café club theatre library town village city "
    "borough county council district roundabout junction marina beach island bay farm field fields playing common wood woods moor "
    "docks quay pier mill mills works tavern hotel trust foundation fund fc united utd rovers stadium market minster abbey bus tram "
    "shops precinct high memorial day carnival festival award awards cup league campaign project scheme act report review inquiry law "
    "police constabulary lodge tower towers heights nhs north south east meadows meadow line protocol residents hardware community "
    "society west upper lower infants infant juniors junior secondary grammar railway canal river viaduct tunnel lake reservoir "
    "buildings industrial retail leisure youth manor jetty rdbt rooms health medical programme leaflets leaflet stand gates "
    "garden cordon gallery terr yd rds dist hth flds bk ct crt twr hse weir pt"
)
# What is called after somebody, with or without a capital.
NAMED_AFTER = _set("statue statues museum theatre memorial mile tour tours plaque bandstand bench trophy")
# What is somebody's and makes the somebody one whom all know: "Bevan's statue", "John Smith's stadium".
OWNED = _set("statue statues plaque monument bust stadium")
# What kind of centre is called after somebody: "Charlotte Dundas shopping centre".
CENTRES = _set("shopping leisure sports community health medical")
BEFORE_PLACES = _set(
    "st saint santa king queen prince princess duke earl lord lady port fort mount lake operation op project hmp hms storm hurricane "
    "the cader cadair castle "
    "hotel river sir team radio cafe café loch glen isle college university great little new old upper lower north south east "
    "west"
)
# Names that houses, halls and streets are called by, so that "Victoria Hall" is a hall, but "Jean Hall" a person.
HALLS = _set("victoria albert alexandra elizabeth king queen george edward town village market church parish city festival carnegie")
# Two or more words, as typed, that hold a name and mean nobody.
PHRASES = _set(
    "talk_to_frank ask_frank marks_and_spencer marks_&_spencer jack_and_jill jack_daniels mary_jane jack_the_lad tom_dick uncle_sam "
    "nosy_parker joe_public joe_bloggs john_lewis john_bull jim_crow jack_russell peeping_tom doubting_thomas aunt_sally guy_fawkes "
    "st_john_ambulance citizens_advice sam_browne barnard_castle ronald_mcdonald jeremy_kyle james_bond harry_potter santa_claus "
    "bonnie_and_clyde max_wall robin_hood toby_jug gavin_and_stacey gavin_&_stacey jack_&_jill laura_ashley ailsa_craig "
    "ifor_williams harry_ramsden "
    "massey_ferguson harry_ramsdens blue_peter molly_malone eleanor_rigby john_deere ask_for_angela harry_kane elton_john "
    "captain_cook morris_dancer morris_dancers"
)
PARTICLES = _set("de da del della di van von der den al el bin bint ibn ap ab mac mc ó ní ni o la le dos du st")
MONTHS = _set("january february march april may june july august september october november december")
DETERMINERS = _set("the a an this that these those new old no any more our your their his her its of per every each")
# What is called something without being a person.
THINGS = _set(
    "cat dog pet scheme project group club app film pub shop company charity estate place street road area pony horse boat operation"
)
# Words that Welsh, Irish and Scottish names of places and schools begin with.
PLACE_BEGINNINGS = _set(
    "ysbyty cae porth traeth afon coed nant ynys sgoil dun inver "
    "ysgol scoil cluain gleann cnoc cois parc plas rath bryn glen ben maes pont llan tir baile ard kirk naomh"
)
