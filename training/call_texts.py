"""What mailboxes, reps and people who pick up say in the calls that `training.calls` builds."""

from __future__ import annotations

PERSONAL = (
    "Hi, you've reached {name}. I can't come to the phone right now, so please leave a message after "
    "the tone.",
    "Hello, this is {name} at {firm}. I'm away from my desk or on the other line. Leave your name, "
    "number and a "
    "short message and I'll call you back as soon as I can. Thank you.",
    "You have reached the voicemail of {name}. Please leave a message after the beep.",
    "Hey, it's {name}. Leave a message.",
    "Hi, {name} here. Sorry I missed your call. If it's urgent, call my cell at {number}. "
    "Otherwise leave me a message at the beep. Bye.",
    "You've reached {name} with {firm}. Today is Tuesday the fourteenth of May and I am in meetings all day. "
    "Please leave a detailed message and I will return your call by five.",
    "Thank you for calling {firm}. Our office is closed. Our hours are Monday through Friday, eight "
    "thirty to five. "
    "If you leave your name and number after the tone, somebody will get back to you on the next "
    "business day.",
    "Hello. You've reached {number}. Nobody is available to take your call. Please record your "
    "message at the tone.",
    "This is {name}. I'm out of the office until March third. For help in the meantime please dial {number}. "
    "Otherwise, leave a message.",
    "{name} speaking, well, not really. Tell me who you are and what you want, and wait for the beep.",
    "Hi there, you've got {name}. I don't check this mailbox often, so text me at {number}, or leave "
    "your message now.",
    "Good day, you are through to the direct line of {name}, head of purchasing at {firm}. I'm "
    "currently unavailable. "
    "Kindly leave your details and I shall get back to you.",
    "We can't take your call at the moment, but if you leave a message we'll call you right back.",
    "Hi, you've reached the Millers. We're not home right now. You know what to do.",
    "Hello, you have reached extension four two seven at {firm}. {name} is not available. After the "
    "tone please leave "
    "your message.",
)
CARRIER = (
    "Your call has been forwarded to an automated voice messaging system. {number} is not available. "
    "At the tone, "
    "please record your message. When you have finished recording, you may hang up, or press one for "
    "more options.",
    "The person you are calling is not available. Please leave your message after the tone.",
    "The wireless customer you are calling is not available at this time. Please leave your message "
    "after the tone. "
    "When finished, you may hang up or press pound for further options.",
    "Please leave a message for {name} after the tone. To send a numeric page, press five now.",
    "I'm sorry, {name} is on another call. Record your message at the tone. When you are finished, "
    "hang up, or "
    "press pound for more options.",
    "Your call has been forwarded to voicemail. The person you're trying to reach is not available. "
    "At the tone please "
    "record your message. When you have finished recording you may hang up.",
    "Hello. No one is available to take your call. Please leave a message after the tone.",
    "Welcome to the {firm} voice mail system. {name} cannot answer the telephone. Please begin "
    "speaking after the beep.",
    "The mailbox of {name} is ready to take your message. Start talking after the signal.",
)
MENUS = (
    "To send your message, press one. To listen to it, press two. To record it again, press three.",
    "Message sent. Goodbye.",
    "If you are satisfied with your message, press one. To erase and re-record, press three. "
    "To continue recording where you left off, press four.",
    "Are you still there? To deliver this message now press pound.",
    "Thank you. Your message has been saved. Goodbye.",
    "You have reached the maximum recording time. To mark this message as urgent, press one.",
)
REPS = (
    "Hi {other}, this is {rep} with {their_firm}. {reason} My number is {spoken}. Again, that's "
    "{spoken}. {close}",
    "Hey {other}, {rep} from {their_firm} here. {reason} You can reach me at {spoken}. Once more, "
    "{spoken}. {close}",
    "Good morning {other}. My name is {rep} and I'm calling from {their_firm}. {reason} Please call "
    "me back at "
    "{spoken}. {close}",
    "{other}, it's {rep} over at {their_firm}. {reason} Give me a ring on {spoken}. That's {spoken}. {close}",
    "Hello, this message is for {other}. This is {rep} with {their_firm}. {reason} I'm at {spoken}. {close}",
    "Hi, {rep} calling from {their_firm}. {reason} Sorry I missed you. If I'm not at my desk, leave "
    "me a message. "
    "The number is {spoken}. I'll say it again. {spoken}. {close}",
    "Hi {other}, sorry I missed you. {reason} {rep} here, {their_firm}. My direct line is {spoken}. {close}",
    "Hello {other}, {rep} again from {their_firm}. I left you a voicemail on Monday. {reason} "
    "{spoken} is my number. "
    "{close}",
)
REASONS = (
    "I saw that you opened a second warehouse, and I have an idea that could save you some trucks.",
    "We helped a firm down the road from you cut its phone bill by a third.",
    "I'm following up on the quote that we sent you last week. The discount ends on Friday.",
    "Your colleague told me that you look after the insurance, and that it runs out soon.",
    "I would love to hear how you handle returns today. It takes fifteen minutes.",
    "I am calling about the booth you asked for at the trade fair.",
    "I have the three dates that you wanted, and one of them is still free.",
)
CLOSES = (
    "I'll try you again on Thursday. Thanks.",
    "Talk soon. Bye.",
    "Have a great day.",
    "Thank you, and goodbye.",
    "",
    "Looking forward to speaking with you.",
)
NAMES = (
    "Laura Chan",
    "Peter Novak",
    "Maria Gonzalez",
    "Jim Whitaker",
    "Priya Natarajan",
    "Sam O'Brien",
    "Karen Lindholm",
    "Tom Beckett",
)
REP_NAMES = (
    "Kevin Walsh",
    "Denise Okafor",
    "Colin Marsh",
    "Sofia Reyes",
    "Anton Weber",
    "Harriet Stone",
    "Mike Dalton",
    "Grace Lim",
)
FIRMS = (
    "Brightwater Logistics",
    "Lindqvist Roofing",
    "Palisade Payroll",
    "Quarry Street Media",
    "Tidewater Copiers",
    "Redstone Fleet Services",
    "Northgate Dental",
    "Alder and Sons",
)
ANSWERS = (
    "Hello?",
    "{firm}, this is {name}, how can I help you?",
    "Yeah, speaking.",
    "Uh huh. What is it about?",
    "Well, I'm not sure that we need that right now.",
    "Can you send me something by email?",
    "All right. Thursday would be fine.",
    "Okay, thanks for calling. Bye.",
)
TURNS = (
    "Hi, is this {name}? This is {rep} with {their_firm}.",
    "Great. Did I catch you at a bad time?",
    "{reason}",
    "I understand. It would take no more than ten minutes, and there is no cost.",
    "Sure, I can do that. What is the best address?",
    "Perfect. Let me put that in the calendar.",
    "Thank you so much. Have a good one.",
)
SHORT = (
    "{spoken}.",
    "My number is {spoken}.",
    "{spoken}. Again, {spoken}.",
    "Hi, it's {rep}. {spoken}. Bye.",
    "You can call me on {spoken}. That is {spoken}.",
    "This is {rep}. Please call me back. {close}",
    "{reason} {close}",
)
"""Messages without the words that messages begin with."""

TALKS = (
    (
        "Good morning, {firm}, front desk.",
        "Morning. Could you put me through to {name}, please?",
        "May I ask what it is regarding?",
        "It is about the delivery on Friday. {rep} from {their_firm}.",
        "One moment. No, the line is busy, I'm afraid.",
        "No problem. Could you give a message?",
        "Of course, go ahead.",
        "Please say that {rep} called, and that my number is {spoken}.",
        "Let me read that back. {spoken}.",
        "Perfect, that's right. Thanks a lot.",
        "You're welcome. Goodbye.",
    ),
    (
        "This is {name}.",
        "Hi {other}, {rep} here from {their_firm}. Do you have two minutes?",
        "I'm driving, but go on.",
        "{reason}",
        "Hm. And what does that cost?",
        "For you it would be nothing in the first month.",
        "Right. I'd have to ask my boss about it.",
        "Shall I call you again next week?",
        "Yeah, do that. Monday is good.",
        "Great, Monday it is. Drive safely.",
    ),
    (
        "Yes?",
        "Is this {other}?",
        "Who is this?",
        "My name is {rep}, I'm with {their_firm}. {reason}",
        "We don't want any. How did you get this number?",
        "You left it on our web page in spring.",
        "Oh. I don't think I did.",
        "I am sorry to have bothered you.",
        "Please take me off your list.",
        "I will. Have a good day.",
    ),
    (
        "Hello, {other} speaking, what can I do for you?",
        "{other}, hi, it's {rep}. We met at the fair in Denver.",
        "Oh yes, I remember. How are you?",
        "Very well, thanks. {reason}",
        "That sounds good. When could you come by?",
        "Would Wednesday at ten suit you?",
        "Wednesday at ten. Let me see. Yes, that works.",
        "Wonderful. I'll send you an invitation.",
        "Okay, see you then.",
        "See you. Bye.",
    ),
)
"""What the one who picks up and the caller say in turns."""
