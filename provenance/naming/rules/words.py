# ruff: noqa: RUF001 - other scripts are what this is about
"""Words that the rule must know: everyday English, given names, ways to say "in the style of".

They decide only where a name is also a word, or where nobody is on record.
"""

from __future__ import annotations

from pathlib import Path

ORDINARY = frozenset(
    """
a about above abstract acid acrylic adult after air all alley alpine amber ancient and angel animal
anime apple april arch archer arctic ark armor art arts artist artwork ash at august aurora autumn
baby back bad baker bakery ball bank bar barber bard bare barn bat bath bay beach beacon beak bean
bear bee bell berry best big bird bishop black blade blank bloom blossom blue boat bold bone book
border bottle bow box boy brand brave bread breeze brick bridge bright bronze brook brown brush
buck bud bug build bull burn bush butcher butler by cabin cafe cake camp canal candle candy cane
canvas cap cape car card care carol carpenter carter cartoon case cast castle cat cave cedar chalk
chance change chapel charcoal chase chef cherry chess child children chimney church cinema circle
citrus city classic clay clean clear clerk cliff clock cloud clouds clover coal coast coat cobra
cold collage color colour comic concept cook cool cooper copper coral core corn cosmic cotton count
country court cow coy craft crane crayon cream crew crisp crop cross crow crown crystal cup curl
cut dahlia daisy dale dance dark dawn day deep deer delta desert design dew diamond dock dog doll
door dot dove dragon draw drawing dream dress dry duck dune dusk dust eagle earth east ebony edge
egg elder elegant elephant eliza ember emerald empire engine evening ever eye faith fair fairy fall
falcon family farm farmer fashion fast father fawn feather fern field fig figure film fine finch
fire fish fisher flame flat flax flint flora flower flowers fog folk ford forest fountain fox frame
free french fresh frost fruit full fur future game garden gardener gate gem ghost giant gift girl
glass gloom glow gold golden good grace grain grand grape graphic grass gray green grey grove guitar
hall hand happy harbor harbour hard hare harp hat haven hawk hay hazel head heart heath heather
heaven heavy hedge hen herb heron high hill hills holly home honey hood hope horizon horn horse
hot hour house hunt hunter ice icon illustration image in indigo ink inn iris iron island isle ivory
ivy jade jar jasmine jasper jay jet jewel jolly joy judge july june jungle juniper keep key kid
kind king kitchen kite knight lace lady lake lamb lamp land landscape lane lantern large lark last
lava lavender law lawn leaf leather lemon lens leopard life light lighthouse lighting lightning lily
lime line linen linocut lion little lone long look lotus love low lucky lunar luxury magic magnolia
maker mango manga map maple marble march marigold marine mark market marsh mason master may meadow
medium mellow melody metal midnight mill miller mint mirror mist misty model modern monk monkey mood
moon moor morning mosaic moss mother moth mountain mountains mouse mural museum music mystic near
neat neon nest new night noble noir north nova novel oak oasis oat ocean of oil old olive on onyx
opal open orange orchard orchid ornate otter out owl ox page paint painter painting palace palm
palmer panda pansy paper park parrot parson pastel pasture path pattern peace peach peacock pear
pearl pebble pen pencil penny people pepper photo photograph photography piano picture pike pillar
pine pink piper pixel plain planet plant plum poem poet pole pond pool pop poppy porch porcelain
porter portrait post poster potter pottery power prairie price pride prime prince princess print
pure purple quail quartz queen quick quiet quilt rabbit rain rainbow raven ray red reed reef render
retro rich ridge river road robin robot rock rook room rose rosemary rough round royal ruby rush
rust rustic sable sage sail saint salmon salt sand sapphire satin savage scarlet scene school sea
season seed serene shade shadow shadows sharp sheep shell shepherd shine ship shore shop short
silent silk silver simple sketch skin sky slate sleep small smith smoke smooth snow soft solar song
sparrow spice spring square stable stag star stars statue steam steel stencil stern still stone
storm story stout strange straw strawberry street strong studio study style styles summer summit
sun sunny sunrise sunset surf swan sweet swift sword tailor tale tall tan tea teal tempera temple
terra texture thatch the thistle thorn thunder tide tiger timber tin tiny to toon topaz tower town
toy track train travel tree trees tropical tulip turner twilight twin under urban valley vanilla
vector velvet vermilion vibrant village vine vintage violet walk walker wall walnut war ward warm
wash water watercolor watercolour waterfall wave waves way weaver web west wet wheat white wide
wild willow wind window wine winter wise with wolf woman man men women wonder wood wooden woods
woodcut wool word work world wren yard year yellow young zebra zen zinc
""".split()  # noqa: SIM905 - a list of words is read more easily than quoted strings
)
MOVEMENTS = frozenset(
    """
nouveau deco impressionism impressionist baroque gothic bauhaus rococo cubism cubist surrealism
surrealist expressionism
expressionist renaissance victorian edwardian medieval byzantine celtic romanesque pointillism
pointillist minimalism minimalist realism realist futurism romanticism
cyberpunk steampunk vaporwave ukiyo ghibli disney pixar japanese chinese korean italian dutch
flemish english american persian indian mexican egyptian roman greek russian german spanish african
polish european nordic scandinavian traditional contemporary digital unreal octane studio century
style art
""".split()  # noqa: SIM905
)


def names(*sections: str) -> frozenset[str]:
    """Names of `names.txt`, which says where they are from."""
    found: set[str] = set()
    section = ""
    for line in Path(__file__).with_name("names.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif section in sections:
            found.update(line.split())
    return frozenset(found)


GIVEN = names("given", "given, others")
FAMILY = names("family", "family, words", "family, others")
FAMILY_WORDS = names("family, words")
"""Everyday words that many English families are called: Brown, Walker."""
FAMILY_ENDINGS = (
    "ova", "eva", "enko", "chuk", "wicz", "vich", "vic", "ski", "sky", "ska", "dottir", "sson",
    "ssen", "qvist", "quist", "oglu", "escu", "idze", "shvili", "akis", "opoulos", "poulou", "yan",
    "etti", "elli", "ucci", "aitis", "auskas", "iene", "berg", "mann", "stein",
    "bauer", "huber", "strom", "gaard", "sen", "nen", "moto", "mura", "yama", "kawa", "singh",
    "kumar", "wala", "dze", "ovic", "ekova", "ikova",
)  # fmt: skip
PARTICLES = frozenset(
    [
        "van",
        "von",
        "der",
        "den",
        "de",
        "da",
        "di",
        "del",
        "della",
        "dos",
        "du",
        "la",
        "le",
        "al",
        "el",
        "bin",
        "ibn",
        "ter",
        "ten",
        "ni",
        "mac",
        "af",
        "zu",
    ]
)
"""Small words inside personal names."""

STYLE_BEFORE = (
    "style of", "styled after", "styled like", "style by", "manner of", "art of", "artwork by",
    "works of", "inspired by", "homage to", "homage", "tribute to", "imitating",
    "imitation of", "channeling", "channelling", "emulating", "mimicking", "in the vein of",
    "in the spirit of", "reminiscent of", "trained on", "token",
    "trigger", "trigger word", "lora", "painted by", "drawn by", "school of", "à la",
    "im Stil von", "Stil von", "Stile von", "nach Art von", "inspiriert von",
    "à la manière de", "manière de", "style de", "style d'", "façon", "inspiré de", "inspiré par",
    "estilo de", "estilo", "inspirado en", "inspirado por", "a la manera de", "à maneira de",
    "stile di", "maniera di", "ispirato a", "stijl van", "trant van", "stylu", "i stil med",
    "i stilen til", "в стиле", "стиль", "в манере", "у стилі", "στυλ της", "στυλ του", "stilul lui",
    "stílusában", "phong cách", "gaya", "بأسلوب", "أسلوب", "בסגנון", "سبک",
)  # fmt: skip
STYLE_AFTER = (
    "style", "styled", "styles", "artstyle", "art style", "stil", "estilo", "stile", "stijl",
    "styl", "lora", "token", "trigger", "的风格", "风格", "風格", "画風", "画风", "絵柄", "風の絵",
    "風", "风", "스타일", "화풍", "стиль", "tarzı", "tarzında", "stilinde", "tyyliin", "in tyyliin",
    "n tyyliin", "stílus", "stílusában", "की शैली में", "की शैली", "शैली",
)  # fmt: skip
LOOSE_AFTER = (
    "esque", "ish", "ian", "like", "inspired", "art", "arts", "artist", "artwork", "core", "vibe",
    "vibes", "illustration", "illustrations", "painting", "paintings", "drawing", "drawings",
    "model", "diffusion", "look", "ism", "fan", "fanart", "v", "ai", "xl", "sd", "sdxl", "flux",
    "portfolio", "character",
)  # fmt: skip
"""Enough after an uncommon name, too little after a word such as stone: stone-like, baker's art."""


MIN_STEM = 2


def is_ordinary(word: str) -> bool:
    """Whether the folded `word` is, or is plainly formed from, an everyday English word."""
    if word in ORDINARY or word in MOVEMENTS:
        return True
    for ending in ("s", "es", "ed", "d", "ing", "ly", "er", "y"):
        stem = word.removesuffix(ending)
        if len(stem) > MIN_STEM and stem != word and {stem, stem + "e"} & ORDINARY:
            return True
    return False
