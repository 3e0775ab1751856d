"""The words in which people say digits, and the words that may stand between them."""

from __future__ import annotations


def words_of(text: str) -> frozenset[str]:
    """Give the words of a list written with blanks between them.

    Parameters
    ----------
    text : str
        Of any number of lines.

    Returns
    -------
    frozenset[str]
        Each once.
    """
    return frozenset(text.split())


OH_WORDS = frozenset({"o", "oh", "ohh", "ohs", "owe"})
"""Zero beside digits, an exclamation anywhere else."""

AFTER_EXCLAMATION = words_of(
    "actually also and by hang hold i i'll i'm i've my no sorry wait well what yeah yes you"
)
"""Words that follow the exclamation "oh" rather than a zero at the end of a number."""

UNITS = {
    "zero": "0",
    "nought": "0",
    "naught": "0",
    "aught": "0",
    "nil": "0",
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
    "six": "6",
    "seven": "7",
    "eight": "8",
    "nine": "9",
    "niner": "9",
}

TEENS = {
    "ten": "10",
    "eleven": "11",
    "twelve": "12",
    "thirteen": "13",
    "fourteen": "14",
    "fifteen": "15",
    "sixteen": "16",
    "seventeen": "17",
    "eighteen": "18",
    "nineteen": "19",
}

TENS = {
    "twenty": "20",
    "thirty": "30",
    "forty": "40",
    "fourty": "40",
    "fifty": "50",
    "sixty": "60",
    "seventy": "70",
    "eighty": "80",
    "ninety": "90",
}

HOMOPHONES = {"for": "4", "fore": "4", "to": "2", "too": "2", "ate": "8", "won": "1"}
"""What a recogniser writes for a digit; believed only between digits."""

MULTIPLIERS = {"double": 2, "triple": 3, "treble": 3, "quadruple": 4}

PLURALS = {
    "zeros": "0",
    "zeroes": "0",
    "ohs": "0",
    "oh's": "0",
    "o's": "0",
    "ones": "1",
    "twos": "2",
    "threes": "3",
    "fours": "4",
    "fives": "5",
    "sixes": "6",
    "sevens": "7",
    "eights": "8",
    "nines": "9",
}
"""After a count: "three sevens"."""

SCALES = frozenset({"million", "billion", "trillion", "quadrillion", "quintillion"})
"""Words that make a quantity of the digits on both sides."""

DASHES = frozenset("-\u2010\u2011\u2012\u2013\u2014\u2015\u2212")
"""Hyphens, dashes (figure, en, em, bar) and the minus sign."""

TIGHT_MARKS = DASHES | frozenset("._·•()[]/:")
"""Marks that hold a number together when no white space surrounds them."""

LINK_WORDS = frozenset({"dash", "hyphen", "dot", "space"})
"""Marks said aloud between the groups of a number."""

FILLERS = words_of("um umm uh uhh uhm er erm ah eh hm hmm mm mhm like and then okay ok yeah comma")
"""Words that people put between groups without leaving the number."""

FILLER_PHRASES = frozenset(
    {
        ("you", "know"),
        ("let's", "see"),
        ("let", "me", "see"),
        ("let", "me", "think"),
        ("area", "code"),
        ("country", "code"),
    }
)

COUNTED = frozenset({"more", "of", "last", "second", "moment", "other", "thing", "another", "time"})
"""After "one" they show that it is no digit: "one more time"."""

PLUS_WORDS = frozenset({"plus", "+"})

EXTENSION_WORDS = frozenset({"extension", "ext", "extn", "extention", "x"})

GLUED_BEFORE = words_of(
    """
    again and at call called cell's dial direct is it's line's me mobile's number number's on or phone's
    reach that's text to
    """
)
"""Words that a recogniser may leave no blank behind, before a number: "my number is416-555-0198"."""

GLUED_BEHIND = words_of("again and anytime bye call i i'm if is my or please so thank thanks that's")
"""Words that it may leave no blank before, behind a number."""

CLOCK_ENDINGS = frozenset({"am", "pm"})

CURRENCY_MARKS = frozenset("$£€¥₹")

CURRENCY_WORDS = words_of("cad chf eur gbp inr rs usd")

KEYPAD = {
    letter: digit
    for digit, letters in {
        "2": "abc", "3": "def", "4": "ghi", "5": "jkl", "6": "mno", "7": "pqrs", "8": "tuv", "9": "wxyz",
    }.items()
    for letter in letters
}  # fmt: skip
"""The letters of a telephone keypad (ITU-T E.161)."""

PHONE_WORDS = words_of(
    """
    area buzz call callback called calling calls cell cellphone cellular contact dial dialing dialling
    fax freephone handset helpline hotline landline line mailbox mobile phone phones rang reach
    reachable reached ring shout sms tel telephone text texting voicemail voicemails whatsapp
    """
)
"""Near digits they announce a telephone number."""

LINE_LABELS = {
    "cell": "cell", "cellphone": "cell", "cellular": "cell", "mobile": "cell", "cell's": "cell",
    "mobile's": "cell", "office": "office", "desk": "office", "work": "office", "office's": "office",
    "home": "home", "house": "home", "fax": "fax", "fax's": "fax", "direct": "direct", "main": "main",
    "toll": "toll-free", "freephone": "toll-free", "landline": "landline", "phone": "phone",
    "telephone": "phone", "voice": "phone", "assistant": "assistant", "assistant's": "assistant",
}  # fmt: skip
"""Words that tell one line of a person from another, and the line that they mean."""

REPEATS = frozenset({"again", "repeat", "repeating", "once", "twice"})
"""What follows them is what came before."""

NUMBERED_NOUNS = words_of(
    """
    account accounts acct amex apartment apt asin badge barcode batch box case chapter checking claim
    code codes combination confirmation contract coupon dea docket doi ein ext extension file flight
    gate gtin iban id identification imei incident invoice isbn isrc item licence license locker lot
    mastercard meter mls nhs nmls npi order orders otp package parcel part passcode passport password
    permit pin plate po policy port postal postcode prescription purchase quote receipt ref reference
    registration reservation room routing rx serial shipment sku social sort ssn suite swift ticket
    tracking transaction unit upc vat version vin visa voucher wifi winning wire zip zipcode
    """
)
"""Things that bear a number of their own: digits right behind them are theirs."""

NUMBERABLE_NOUNS = words_of(
    """
    bank bill booking building bus card check cheque claims client credit customer debit delivery
    discover dollar employee estimate floor gift insurance lesson level loan lottery meeting member
    membership minus model page patient platform point product project promo psalm record request
    savings score seat security server station street student tax times train usd
    """
)
"""Things that may bear a number ("my loan is ..."), but stand before a telephone number as often."""

HARD_NOUNS = words_of("nhs ssn isbn vin iban routing tracking wire passport imei otp nmls npi")
"""These claim any digits later in their sentence, too."""

NUMBER_WORDS = frozenset({"number", "numbers", "number's", "no", "num", "nos"})

LINKERS = FILLERS | words_of(
    """
    and are as be being colon ending equals hash here here's is it it's its pound read reads says that's
    thats the there was which will would
    """
)
"""Words that may stand between a noun and its number."""

DETERMINERS = words_of("the your my our his her their this that a an")

TOPIC_PREPOSITIONS = words_of("on for of about regarding re under concerning with to from in")
"""They make a topic of a noun, and not a name for the digits behind it: "about your invoice"."""

BEFORE_NUMBER = frozenset({"at", "on"})

TIME_PREPOSITIONS = words_of("until till til before after by around past")

BE_VERBS = words_of("is was that's thats being are")

DENIALS = words_of("not isn't doesn't don't wasn't never")

UNITS_AFTER = words_of(
    """
    % a.m am bucks central cents day days degrees dollar dollars eastern euros feet friday fridays hour
    hours hrs inches kg kids kilograms kilos last lbs miles mins minute minutes moment monday mondays
    month months more o'clock of other p.m pacific people percent pm pounds quid saturday second seconds
    square sunday thing things thursday thursdays times tuesday tuesdays wednesday wednesdays week
    weekdays weekends weeks year years
    """
)
"""After a small number they make it a time, a count or an amount."""

AMOUNTS_AFTER = words_of(
    """
    % bucks cad cents dollar dollars employees eur euros feet gallons items kg kilograms kilometers kr
    members miles people percent pieces points pounds quid reais rupees units usd users yen
    """
)
"""After any number they make it an amount."""

ROAD_WORDS = words_of("avenue ave blvd boulevard court drive highway lane road route street way")

MONTHS = words_of("january february march april may june july august september october november december")

EXTENSION_LINKERS = FILLERS | words_of(
    """
    again am an ask asked asking at be by can can't dial direct enter followed for hear her here here's his
    i i'm is it it'll it's its just key line me menu my need number on our own press prompt prompted punch
    please put reach select sit so that that'd that'll that's the their there there's through to use via
    voice want when which will with work would you you'd you'll you're you've
    """
)
"""Words that may stand between a number and its extension."""

CORRECTIONS = words_of(
    """
    actually apologies correction excuse make mean meant mistake no nope oops pardon rather restart
    scratch should sorry start strike wait whoops wrong
    """
)
"""Words that take back what was said."""

CORRECTION_LINKERS = (
    FILLERS
    | OH_WORDS
    | words_of(
        """
    again bad be bit digits do got hang have hold i i'm is it it's its last let let's me my not number
    on one over part right say so that that's thats the this to try was
    """
    )
)
"""Words that may stand beside them."""

STRONG_CORRECTIONS = CORRECTIONS - {"sorry", "pardon", "excuse", "actually"}
"""These take back what was said even beside "again"."""
