"""What mailboxes, reps and people say in the calls of `benchmarks.calls`: in no text that was fitted on."""

from __future__ import annotations

GREETINGS = (
    "Howdy, Walt's phone. He's out feeding the horses. Give it a minute after I stop and then talk.",
    "Hey hey, Trish here, well, a recording of me. Spill it when the machine chirps.",
    "Delgado residence. We let it ring because we screen. If we like you we'll pick up.",
    "{name}. Go.",
    "Northern Lights Veterinary, we're between patients. Is your animal bleeding or not breathing? "
    "Then drive to Elm Street right away. For refills, talk slowly.",
    "Hi, you have the right number, just the wrong time. It's {name}. Be brief and be kind.",
    "This is the desk of {name} in procurement. I return calls twice a day, at eleven and at four. "
    "Vendors, kindly mention your contract number.",
    "Aloha, {name} is surfing. Back on dry land on the twelfth. Somebody at {number} can open the "
    "shop for you.",
    "Mensch and Partners, attorneys at law. Calls are taken from nine until noon. State what your "
    "matter is and which county it is in.",
    "My assistant {name} handles my calendar, and the extension is six one four. This machine takes "
    "two minutes at most.",
    "You know who this is, I hope. I don't know who you are, so enlighten me.",
    "Hi, Mom, if it's you, I'm fine. Everyone else, {name} will listen to this on Friday.",
    "Sorry, no one picks up on weekends. Riverside Plumbing and Heating answers from Monday at seven."
    " For a burst pipe, the emergency crew is at {number}.",
    "I'm either driving or asleep. {name}. Say it after the thing.",
    "Congratulations, you got the answering machine. {name} owes you a call now.",
    "Parkview Elementary. To report an absence, give the child's name, the teacher and the reason. "
    "School begins at eight ten.",
)

CARRIERS = (
    "The Vodatel subscriber at {number} has not set up a voice mailbox, but you can record something now.",
    "We could not connect you. Stay on the line to record, or hang up to avoid charges.",
    "This is the message center for {name}. One moment for the tone.",
    "Nobody has answered at extension three three nine. Your options are, press zero for the "
    "operator, or wait.",
)

BEFORE_BEEP = (
    "For the company directory dial nine. To reach billing, say billing. Otherwise just wait.",
    "To page this subscriber, dial four. To send a fax, start your machine.",
    "For a callback, key in your number followed by the pound sign, or remain on the line to record.",
)

AFTER = (
    "Thanks, got it. If you'd like to hear that again, hit two. If you're happy, simply hang up.",
    "To change your recording, use the star key. To add to it, stay on the line.",
    "You have been silent for some time. This call will now be disconnected.",
    "Your message was delivered to {name}. Have a pleasant day.",
    "Delivery options. For normal delivery dial one. For private delivery dial two. To cancel dial seven.",
    "That was sixty seconds, the most we can take. Bye bye.",
)

FULL = (
    "We're sorry. This voice mailbox has no room left. Try your call later.",
    "{name}'s inbox has run out of space, so nothing can be recorded. Good bye.",
)

SCREENS = (
    "The person you dialed uses a call assistant. Say who you are and the purpose of the call.",
    "Before I put you through, what's your name and company?",
)

SCREENED = "Sorry, nobody took the call. You can record something after the tone."

FOREIGN = {
    "da": "Hej, det er Mette Holm. Jeg kan ikke tage telefonen lige nu. Læg en besked efter tonen, så "
    "ringer jeg tilbage.",
    "tr": "Merhaba, şu anda telefona cevap veremiyorum. Lütfen sinyal sesinden sonra mesajınızı bırakın.",  # noqa: RUF001
    "hu": "Üdvözlöm, a hívott szám jelenleg nem elérhető. Kérem, hagyjon üzenetet a sípszó után.",
    "ro": "Bună ziua, ați sunat la cabinetul Ionescu. Suntem închiși până luni. Lăsați un mesaj după semnal.",
}

"""Language of espeak-ng, and what is said in it."""

REPS = (
    "Howdy {other}, {rep} down at Ketchum Feed. Your seed came in early, so come by any day before "
    "five. Our counter's number is {spoken}. One more time, {spoken}. See you.",
    "{other}? {rep} at Brightside Solar. The inspector signed off on your roof. To schedule the last "
    "step, ring {spoken} and press two for me. So {spoken}, then two.",
    "Afternoon. I'm with the Coleman Group, name's {rep}. We buy used forklifts, and I hear you have "
    "four. If I don't pick up, leave me a voicemail. {spoken}. That was {spoken}.",
    "{rep} for {other}. Pricing you asked about is ready. {spoken}.",
    "Hey, so, it's {rep}, from Monday's webinar. You asked about exports and I finally have the "
    "answer. It's a bit long for a message. Mine is {spoken}, and again {spoken}. Okay, bye.",
    "Hello {other}, you've reached the top of our waiting list. {rep} from Harlan Day School. Please "
    "let us know by Wednesday. You can get me at {spoken}. I repeat, {spoken}.",
    "Ms. Carver, good evening. {rep}, Tri County Credit. There's a question on the title of the "
    "truck. Nothing bad. Our office is open until seven. Dial {spoken}. Once again that is {spoken}.",
    "Yeah hi, {rep} here with Pinnacle Uniforms. Sorry to be calling after hours. Two of the jackets "
    "are on back order, the rest ships tomorrow. Questions, {spoken}. {spoken}. Take care.",
    "{other}, quick one. Our auditor isn't available on the ninth any more, so can we take the tenth?"
    " It's {rep} at Dunmore and Fitch, {spoken}. That's {spoken}.",
    "I'm trying to get hold of {other}. The tone of our last email was off and I want to make it "
    "right. {rep}, Sterling Events. {spoken}. Again it's {spoken}. Thank you so much.",
    "This is {rep} from Kestrel Analytics for {other}. We cut missed deliveries by a fifth for "
    "grocers your size. Worth ten minutes? {spoken}. Or write to me. {spoken}.",
    "{other}, {rep}. Call me. {spoken}.",
)

"""What reps say; more than one in three without a word that messages begin with."""

NAMES = (
    "Rosalind Pike",
    "Hector Amado",
    "Mei Castellano",
    "Dwight Farrow",
    "Oona Reilly",
)

REP_NAMES = (
    "Jonah Mertz",
    "Tabitha Crane",
    "Luis Paredes",
    "Wendy Abara",
    "Cliff Sorensen",
)

ANSWERS = (
    "Tri County, Hector.",
    "It is, make it fast.",
    "We had somebody in for that last spring. Didn't work out.",
    "How soon could they start?",
    "No, not before the fair. Try me in September.",
    "Alright then.",
)

TURNS = (
    "Hector, hi. Wendy Abara. Is now an okay time?",
    "I place forklift drivers, and I have three who live near you.",
    "I'm sorry to hear that. What went wrong?",
    "Two of them on Monday. They bring their own papers.",
    "September it is. I'll put it down.",
)

"""Somebody who picks up, and the one who calls."""
