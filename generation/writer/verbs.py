"""English verbs, as far as telling an instruction from a statement and from a mere thing takes them."""

from __future__ import annotations

# A sentence that begins with one of these tells its reader to do something.
IMPERATIVES = frozenset(
    """accept add adjust aim allow apply arrange arrive ask attach attend avoid bake be become begin bend bind blend
    boil bore borrow breathe brew bring brush build bury buy calculate call cancel carry catch charge check chill
    choose chop clean clear climb close coat collect combine come compare compost confirm connect consider contact
    continue cook cool copy core cover cross crumble crush cut dab decide decline defrost delete dice dig dilute
    discard disconnect do download drain drip drive drizzle eat email empty enable encourage enjoy ensure enter
    expect explain fasten feed fetch fill find finish fit fix flatten fold follow forget freeze fry garnish get give
    glue go grab grate grease greet grill grind grow hang hear heat help hide hike hold include inform insert
    install introduce invite join keep knead knit knock know lay lead learn leave let lift listen log loosen lower
    make marinate mash measure meet melt mend mince mix move muffle nail notify obey observe oil open order pack
    paint paste pat pay peel pick pinch pop pour preheat prepare press price prop protect prune pull push put raise
    read reduce refill refuse register relax remember remove rent repair repeat replace reserve reset restart rinse
    roast roll rotate rub run sand save say scatter scoop scrape scrub season see select sell send separate serve
    set settle sew shake share sharpen shred shut sieve sift simmer sit sketch skip sleep slice slide smile soak sow
    speak spend spoon spray spread sprinkle squeeze stack stand start stay steam steep stick stir stitch stop store
    strain stretch strip submit subtract swap sweep swim switch take talk taste teach tell thank thaw think throw
    tie tighten tilt toss touch trim trust try tuck turn twist type undo unlock unpack unplug unscrew untie unwrap
    update upgrade upload use verify visit vote wait walk warm warn wash watch wear weigh whip whisk wipe work wrap
    write""".split()
)
# These are names of things as well: "water in the morning" and "water from the roof".
DOUBLES = frozenset(
    """balance bank base beat book brush butter change check coat comb cook cool cost cover cut dance design dress
    drill drink drop dry dust feed file finish fish flour force frame freeze guide hand head heat help hold
    host iron jump label lead light limit line list load lock look love mark match measure milk mind move name need
    note notice number nurse offer oil open order pack paint park part pass paste peel phone pick pin place plan
    plant plate play plug point post practice practise press price print process program pump question rake record
    report rest ride ring risk roast rock roll root rule run salt sand save scan score screw season seal search seed
    set shade shape share ship shop show shower sign sink slice smoke soap sound spice spray stack stand steam step
    stick stock store strain stretch study support swap sweep switch taste tape test tie time tip toast touch
    train trap travel treat trim trust vacuum view visit vote wash watch water wax weigh work wrap""".split()
)
PARTICLES = frozenset(
    "up down off out away over back apart together aside on through slowly gently carefully well".split()
)
# What follows a verb rather than a noun.
OBJECTS = frozenset(
    """a an the this that these those your my our his her its their it them him us me everything everyone everybody
    nothing something somebody what whatever where when how only one two three four five six all both each every any
    no some more less early late twice once first again""".split()
)
AUXILIARIES = frozenset(
    """is are was were am isn't aren't wasn't weren't has have had hasn't haven't hadn't does did doesn't didn't don't
    can can't cannot could couldn't will won't would wouldn't shall should shouldn't may might must mustn't it's
    that's there's they're we're you're i'm he's she's i've we've you've they've i'd we'd i'll we'll you'll needn't
    ought""".split()
)
PRONOUNS = frozenset("i we you they he she it there everybody everyone nobody somebody someone nothing".split())
PASTS = frozenset(
    """became began bent bit blew broke brought built bought came caught chose cost cut did dug drank drew drove ate
    fell fed felt fought found flew forgot froze gave went grew had heard held hid hit kept knew laid led left lent
    let lost made meant met paid put ran rang read rode rose said sang sank sat saw sent set shook shot showed shut
    slept sold spent spoke spread stood stole stuck swam swept taught threw thought told took tore understood was
    went were woke won wore wrote""".split()
)
DETERMINERS = frozenset("a an the my our your his her its their this that these those each every some no any".split())
ADVERBS = frozenset("always never first then finally only just also simply really next afterwards now".split())
