"""The words in which people say digits, and the words that may stand between them."""

from __future__ import annotations


def words_of(text: str) -> frozenset[str]:
    """Give the words of a list written with blanks between them."""
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

CLOCK_ENDINGS = frozenset({"am", "pm"})

CURRENCY_MARKS = frozenset("$£€¥₹")

KEYPAD = {
    letter: digit
    for digit, letters in {
        "2": "abc", "3": "def", "4": "ghi", "5": "jkl", "6": "mno", "7": "pqrs", "8": "tuv", "9": "wxyz",
    }.items()
    for letter in letters
}  # fmt: skip
"""The letters of a telephone keypad (ITU-T E.161)."""
