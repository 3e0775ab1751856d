"""What the synthetic voices say: connected numbers with their digits, and talk without numbers.

Conventions
-----------
A *script* is ``(text, digits)``: what a voice is given to read, and the digits in the order they are said.
"Double" and "triple", "hundred" and the like are not digits: "double five" holds one 5. Talk never holds a
digit word, but does hold "to", "for", "won", "ate" and "oh" in their ordinary places, and many words that
share a syllable with a digit.
"""

from __future__ import annotations

import random

WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "oh")
"""Everything a digit can be called; "oh" is a second name of 0."""

OPENINGS = (
    "my number is",
    "you can reach me at",
    "call me back at",
    "the number is",
    "give me a ring on",
    "again, that's",
    "once more, it's",
    "my direct line is",
    "please call",
    "it's",
    "that number again is",
    "reach me on my cell at",
    "so that's",
    "I'm at",
    "our office number is",
    "",
    "",
    "",
    "",
)
CLOSINGS = (
    "thank you",
    "talk to you soon",
    "bye for now",
    "have a great day",
    "any time",
    "thanks so much",
    "",
    "",
    "",
    "",
)
NAMES = (
    "Heather",
    "Kevin",
    "Tori",
    "Owen",
    "Stephen",
    "Wanda",
    "Fiona",
    "Nina",
    "Sven",
    "Joe",
    "Warren",
    "Kate",
    "Nate",
    "Simon",
    "Naomi",
    "Theo",
    "Forrest",
    "Evan",
    "Sid",
    "Tuan",
    "Ivy",
    "Zoe",
    "Hector",
    "Thea",
    "Fritz",
    "Eitan",
)
FIRMS = (
    "Fortune Systems",
    "Northern Freight",
    "Evergreen Solar",
    "Tennison Foods",
    "Fireside Insurance",
    "Ocean View Homes",
    "Stevens and Wright",
    "Waterford Labs",
    "Thrive Dental",
    "Unity Software",
    "Silverline",
    "Heaven Scent Flowers",
)
TALK = (
    "Hello {name}, this is {other} calling from {firm}.",
    "Hi {name}, it's {other} over at {firm}, I hope you are well.",
    "I wanted to follow up on the note I sent over the weekend.",
    "I know you're busy, so I'll keep this short.",
    "We help teams like yours save time and money on freight.",
    "Oh, and before I forget, the proposal is in your inbox.",
    "I'm calling to see whether you had a chance to look at the offer.",
    "Please call me back when you have a minute.",
    "I'll try you again on Thursday in the afternoon.",
    "Thank you so much, and have a wonderful day.",
    "Sorry I missed you, I was hoping to talk for a moment.",
    "Oh hi, I thought you were going to pick up.",
    "We won the award for the best service in the state.",
    "He ate lunch late and went home to wait for the driver.",
    "The weather has been fine, even divine, since the weekend.",
    "I'd like to show you how it works, no strings attached.",
    "If now isn't a good time, feel free to send me a note instead.",
    "My colleague {other} mentioned that you might be interested.",
    "It would be great to hear what you think of the new line.",
    "We are open late tonight and through the holidays.",
    "So anyway, let me know how you want to go forward from here.",
    "You can also write to me, I answer all my mail.",
    "There is no fee to try it, and you can stop whenever you like.",
    "I saw that {firm} is hiring, congratulations on the growth.",
    "The tennis court behind the store is closed for repairs.",
    "She knows the owner of the shop across the road.",
    "They said the fire was over before the engine arrived.",
    "Do you know whether the order left the warehouse yet?",
    "I don't know, it seems to me that we ought to wait and see.",
    "Our customers tell us they see results right away.",
    "That would be wonderful, and I really appreciate your time.",
    "It is a simple tool, easy to set up and easy to leave.",
    "For what it's worth, most people are surprised by the savings.",
    "Too often the phone rings and there is nobody there.",
    "I wonder whether you could point me to the right person.",
    "Let's find a time to sit down and go over the details.",
    "The sixth floor is under construction, so use the side door.",
    "Heaven knows why the even numbered houses are so noisy.",
    "We hope to see you there, and bring a friend if you want to.",
    "Okay, no worries, I will send it over before noon.",
    "Just a quick reminder about our meeting, I look forward to it.",
    "Anyone who wants to come along is welcome to join.",
    "Someone told me that you were the best person to talk to.",
    "The first thing we do is listen, and then we suggest a plan.",
    "Your neighbor uses our service for the whole building.",
    "It's a free trial, and the price is fair, I promise.",
    "I tried to reach you earlier, but it went straight to voicemail.",
    "Hey, it's me, I am stuck in traffic on the freeway.",
    "Nothing urgent, I only wanted to say hello and see how you are.",
    "The driver will arrive in the morning, so leave the gate open.",
    "Our team has been working on this since the start of winter.",
    "Thirteen, fourteen, fifteen, sixteen, seventeen, eighteen, nineteen.",
    "Twenty, thirty, forty, fifty, sixty, seventy, eighty, ninety.",
    "The first, the second, the third, the fourth and the fifth.",
    "I live over the river, near the old fort, by the gate.",
    "Write it on the slate, and wait for the freight to arrive.",
)
SALAD = tuple(
    """
    hello hollow hero narrow arrow yellow below know no go so snow toe though own home alone phone
    bone stone won't want wand once wonder wander sun run done fun gun ton through true do you new
    few who shoe blue grew threw tool food tree free key see tea be me these thrill threat thread
    door more floor store form force fork forward fort fire fly file find fight hive live drive dive
    life knife wife alive sick mix fix kicks sticks socks second section send heaven even eleven
    given driven oven savage several sever late wait great eighty gate date plate state ache age
    made night line fine mine sign dine time kind nice night knight light the a and but or if when
    where which really maybe please thanks okay sorry actually basically probably number call area
    code extension direct office mobile cell dash dot comma double triple hundred thousand plus star
    pound hash
    """.split()  # noqa: SIM905
)
"""Words that are not digits but share their sounds; read in random order they are hard "other"."""


def number(rng: random.Random, *, n_digits: int | None = None) -> tuple[str, str]:
    """Make up one number as it is said, in groups, and its digits."""
    n = n_digits or rng.choices((3, 4, 5, 6, 7, 10, 11), (1, 1, 1, 1, 3, 6, 1))[0]
    digits = _digits(rng, n)
    zero = rng.choice(("zero", "oh", "oh"))
    gap = rng.choice((", ", ", ", ", ", " ", " ", " ", "; ", "... "))
    inner = rng.choices((" ", ", ", ". "), (7, 2, 1))[0]
    groups = []
    for group in grouped(rng, digits):
        groups.append(inner.join(_said(rng, group, zero)))
    return gap.join(groups), digits


def message(rng: random.Random) -> tuple[str, str]:
    """A number inside a sentence."""
    said, digits = number(rng)
    opening, closing = rng.choice(OPENINGS), rng.choice(CLOSINGS)
    text = f"{opening}{rng.choice((' ', ', ')) if opening else ''}{said}{'. ' + closing if closing else ''}."
    return text[:1].upper() + text[1:], digits


def talk(rng: random.Random) -> str:
    """One or two sentences without any digit, or a salad of words that sound like digits."""
    if rng.random() < 0.35:
        return (
            ", ".join(" ".join(rng.sample(SALAD, rng.randint(1, 4))) for _ in range(rng.randint(3, 5))) + "."
        )
    sentences = rng.sample(TALK, rng.randint(1, 2))
    return " ".join(_filled(rng, sentence) for sentence in sentences)


def _filled(rng: random.Random, sentence: str) -> str:
    return sentence.format(name=rng.choice(NAMES), other=rng.choice(NAMES), firm=rng.choice(FIRMS))


def _digits(rng: random.Random, n: int) -> str:
    """Random digits in which neighbours are equal about one time in four."""
    digits = rng.choice("0123456789")
    while len(digits) < n:
        digits += digits[-1] if rng.random() < 0.2 else rng.choice("0123456789")
    return digits


def grouped(rng: random.Random, digits: str) -> list[str]:
    sizes = {10: (3, 3, 4), 7: (3, 4), 11: (1, 3, 3, 4), 6: (3, 3), 4: (4,), 3: (3,), 5: (5,)}.get(
        len(digits), (len(digits),)
    )
    if rng.random() < 0.25:
        sizes = (len(digits),)
    groups, start = [], 0
    for size in sizes:
        groups.append(digits[start : start + size])
        start += size
    return groups


def _said(rng: random.Random, group: str, zero: str) -> list[str]:
    """Words of one group; a run of two or three may be said "double" or "triple"."""
    return [zero if digit == "0" else WORDS[int(digit)] for digit in group]


def doubled(rng: random.Random) -> tuple[str, str]:
    """A number in which one digit is said with "double" or "triple": a single digit to the ear."""
    head, tail = _digits(rng, rng.randint(1, 3)), _digits(rng, rng.randint(1, 4))
    digit, times = rng.choice("0123456789"), rng.choice(("double", "double", "triple"))
    zero = rng.choice(("zero", "oh"))
    said = [*_said(rng, head, zero), times, *_said(rng, digit, zero), *_said(rng, tail, zero)]
    return " ".join(said) + ".", head + digit + tail


def script(rng: random.Random) -> tuple[str, str]:
    """One thing for a voice to read: mostly numbers, some talk."""
    kind = rng.random()
    if kind < 0.45:
        text, digits = number(rng)
        return text[:1].upper() + text[1:] + ".", digits
    if kind < 0.62:
        return message(rng)
    if kind < 0.68:
        return doubled(rng)
    return talk(rng), ""
