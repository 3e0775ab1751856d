"""What more mailboxes and reps say: greetings without a known opening, menus, assistants, full mailboxes.

Every list is dealt into `N_FOLDS` parts by place: a call is made of texts of one part, and judged by weights
of words that were learned from the others (`training.mailbox_words`).
"""

from __future__ import annotations

N_FOLDS = 4

GREETINGS = (
    "Hey, it's {name}. Can't get to the phone, you know what to do.",
    "What's up, this is {name}'s phone. Text is better, honestly.",
    "{name} here. Not here, actually. Beep's coming.",
    "Hi! We're probably in the garden. Say hello to the machine.",
    "You've caught me at a bad time. Leave word and I'll get back to you, promise.",
    "Good morning, {firm}. All of our agents are helping other customers. Your call is important to us.",
    "{firm}, we're closed for the holidays and will be back on the second of January. Merry Christmas.",
    "Thanks for ringing {firm}. Opening hours are nine to six on weekdays, and nine to one on Saturdays.",
    "{name}, sales. I'm on the road until Wednesday, with hardly any signal. Emails are read at night.",
    "Hello? Hello? Just kidding, I'm not really here. Say what you want after the beep.",
    "This is the voice mail box of {name}, who is on parental leave. For orders please contact {other}.",
    "Bonjour and hello. The gallery opens again on Thursday. Tell us which picture you are asking about.",
    "Nobody's home. The dog can't answer. Try us later, or leave something for us to listen to.",
    "Hi, it's {name}'s work cell. If this is about the Henderson job, call the site office at {number}.",
    "I'm sorry, I don't recognize this number, so I let it go to voicemail. Tell me who's calling.",
    "Doctor {other}'s office. If this is a medical emergency, hang up and dial nine one one.",
    "The number you have called belongs to {name}. Please state your business and a time to call back.",
    "Yo. Do your thing.",
    "You're hearing this since I'm either in a meeting or on a plane. {name}. Talk to you soon.",
    "Greetings from {firm}. Press two for Spanish. For all other calls, leave us your details.",
    "Our lines are busy at the moment. You are caller number three. Please hold or record a message.",
    "The person at extension four one two is on the phone. Please leave a message after the tone.",
    "Extension two zero nine is unavailable. Please leave your message after the tone. When done, "
    "hang up or press the pound key.",
    "Mailbox three three one seven. Record at the tone.",
    "It's {name}, I'll be out from Friday the sixth through Monday the ninth. {other} covers for me, "
    "at {number}.",
    "{name} and {other} can't come to the phone right now. If you're selling something, don't bother.",
    "Hi, thanks for your call. I check messages every evening, so you'll hear from me tomorrow at the"
    " latest.",
    "You have dialed the reservations desk. For parties of eight and more, please give the date and "
    "the time.",
    "Voicemail of {name}, project manager. Speak clearly and give your number twice.",
    "Sorry we missed you. If you want to change your appointment, say your name and the day you come in.",
    "Hey there, I'm away from my phone. You can also find me on the web page of {firm}.",
    "This call is being recorded for quality. We are unable to answer. Someone will return your call.",
    "Leave it.",
    "Hello, this is {name}. I no longer work at {firm}. Please direct your questions to {other}, at "
    "{number}.",
    "Welcome to {firm}. If you know your party's extension, you may dial it at any time.",
    "My phone's off. I'm teaching until three. {name}.",
    "So, the good news is you've got the right number. The bad news is that I'm not picking up.",
    "{firm}. We fix roofs. We are on one right now. Say where the leak is.",
    "Hi, it's me. You know the drill.",
    "You are connected to the answering service of {firm}. Calls are returned in the order they come in.",
    "The party you are trying to reach, {name}, does not answer. Stay on the line.",
    "Your call can't be taken at the moment, so please say your message when you hear the signal.",
    "Hi, {name} at the front desk of {firm}. Deliveries go around the back. Everyone else, tell me "
    "when to call.",
    "It's {name}. I'm on vacation, and I won't be checking this. See you on the twentieth.",
    "Here's where you tell me your name, your number, and why I should call you back.",
    "Tenants, for repairs use the portal. For anything else, this is {name}, and I'll be in touch.",
    "Hello, you've come through to {firm}'s accounts team. Have your invoice number ready and speak slowly.",
    "I lost my phone, or I'm ignoring it. Either way, make it short.",
    "This line is not monitored. Please write to info at our web site.",
    "Sure, I'd love to talk, but later. {name}.",
    "You've rung the vicarage. The vicar is out visiting. Times of services are on the notice board.",
    "The {firm} night line. Security can be reached at {number}. Messages are picked up at seven a m.",
    "Hey, this is {name}, I'm not around. Catch you later.",
    "Por favor deje su mensaje. Please leave your message.",
    "I'm with a patient. If you need a refill, spell your last name and give your date of birth.",
    "Good afternoon. {name} speaking. I'm afraid I've stepped away for a bit. Do try me again after lunch.",
    "Bleep, bleep. That was me doing the beep. The real one's next.",
    "You have called a number that is used for outgoing calls only.",
    "Hi, this is {name} with {firm}. I want to hear from you, so tell me how I can help and I will "
    "call back.",
    "{other} isn't taking calls, this is {name}, I answer for her. I'll pass it on.",
    "Hello, the workshop is closed on Mondays. Keys go in the box by the gate.",
    "Who dares disturb me? Kidding. Leave your name.",
    "You've reached the wrong person if you want money. Everyone else, {name} calls back.",
    "Nope, still not here. Speak.",
)

CARRIERS = (
    "The customer you called, {number}, has a voice mailbox. Wait for the tone.",
    "Your call is being transferred to a voice messaging system. Please wait.",
    "{number}. Is not available. At the tone, please record your message.",
    "The Google subscriber you are calling is not available. Please leave your message after the tone.",
    "We're sorry. The party is not answering. To leave a message, remain on the line.",
    "The subscriber has switched off the phone or is out of range. You can leave a voice message.",
    "The mobile phone you are trying to reach is turned off. Please try later or leave a message.",
    "You are being forwarded to the mailbox of {name}. Please begin after the tone.",
)

BEFORE_BEEP = (
    "At the tone, please record your message. When you have finished, hang up or press one for more options.",
    "To leave a callback number, press five. To skip this greeting, press star.",
    "To page this person, press two now. At the beep, begin recording.",
    "For delivery options press one. To reach an operator press zero.",
    "If you need help right away press zero and someone will assist you. To leave a message, wait for"
    " the tone.",
    "Record your message after the tone. To end the recording, press any key.",
    "Press pound at any time to skip. To send a fax, press start now.",
    "For sales press one. For service press two. To repeat this menu press nine.",
    "Please record your message. To send a numeric page, press five. Record at the tone.",
    "There is no one at the desk. For the mailroom, dial two two. For all else, hold on.",
    "This mailbox does not identify callers, so please state your number.",
    "Your message may be up to three minutes long. Start speaking at the tone.",
)

AFTER = (
    "Press pound to send, press one to listen, or press three to start over.",
    "Your message is complete. To send it now, press one. To discard it, press star.",
    "Thank you. Your recording has been saved. Goodbye.",
    "To mark this message urgent, press two. To mark it private, press four.",
    "You have ten seconds left.",
    "I'm sorry, you have exceeded the time allowed. Your message has been sent.",
    "Still there? If you are done, press one, or hang up.",
    "To accept this recording, press one. To hear it, press two. To record again, press three.",
    "End of message. To continue, press five. To return to the main menu, press star.",
    "Sorry, I didn't get that. Press one to send or two to record again.",
    "That message was too short. Please record it again.",
    "Got it. {name} will hear your message soon. Thanks for calling {firm}.",
    "To page {name}, press six. To exit, hang up.",
    "Invalid entry. Please try again. To send press pound.",
    "Message delivered. If you would like to reach another person, enter the extension now.",
    "We have received your message and will be in touch within one business day. Good bye.",
)

FULL = (
    "I'm sorry, but this mailbox is full and cannot accept messages at this time. Goodbye.",
    "The mailbox of {name} is full. Please try again later.",
    "Memory is full. Enter the remote access code.",
    "{number} has a voice mailbox that has not been set up yet. Please try your call again later. Good bye.",
    "The person you called cannot accept new messages. To speak to an operator, press zero. Good bye.",
    "You cannot leave a message for this subscriber now. The call will be ended.",
    "We are sorry, the box you want is not in use. Please check the extension and dial again.",
    "The number you dialed is not in service. Please check the number and try again.",
)

SCREENS = (
    "Please state your name and why you are calling, and I'll see whether this person is available.",
    "Hi, the person you're calling is using a screening service. Go ahead and say your name, and why "
    "you're calling.",
    "At the tone, please say your name and press pound.",
    "If you record your name and reason for calling, I'll see if this person is available.",
    "Who may I say is calling?",
    "This number doesn't take calls from unknown people. Tell us your name and we will ask.",
    "Please say your first and last name after the beep, then wait while I try to connect you.",
    "Thank you for calling {firm}. Say the name of the person you want.",
)

NAMED = (
    "{rep} from {their_firm}.",
    "This is {rep}.",
    "{rep}, about the quote.",
    "Hi, it's {rep}, returning a call.",
    "{rep}.",
    "It's {rep} with {their_firm}, calling for {other}.",
    "My name is {rep}.",
    "{their_firm}.",
)

SCREENED = (
    "Thank you. Please hold while I try to connect you. The person is not available. Leave a message "
    "after the tone.",
    "Thanks. Stay on the line. I'm sorry, {name} can't take your call now. Record a message after the beep.",
    "One moment. Nobody answered. Please leave a message.",
    "They can't come to the phone right now, but you can leave a message after the beep.",
)

REPS = (
    "{other}, hi. {rep} with {their_firm}. {reason} If you get my machine, just leave me a message. "
    "{spoken}.",
    "Good afternoon. {rep} over at {their_firm}. To reach me directly, dial {spoken} and press four. "
    "Again, {spoken}. {close}",
    "Hey {other}, it's {rep}. You can leave your answer with my assistant if I'm not available. "
    "{spoken}. {close}",
    "Hi, it's {rep} at {their_firm}. Our office is open until six. {reason} The number is {spoken}. Thanks.",
    "{reason} That's why I'm calling. {rep}, {their_firm}, {spoken}. Once more, {spoken}.",
    "Yes, hello, this is for {other}. You left a message on our machine on Friday. I'm {rep}, and I'm"
    " back on {spoken}. {close}",
    "{rep}. {spoken}. Call when you can.",
    "Hello {other}. I couldn't get through to your cell, so I'm trying the office. {rep} from "
    "{their_firm}. Ring me on {spoken}. {close}",
    "So sorry to bother you. The demo that we talked about can be on the sixth or the ninth. Tell me "
    "which. {rep}, {spoken}.",
    "{other}, {rep}. We spoke at the show. {reason} My cell is {spoken}. I'll say that slowly. "
    "{spoken}. {close}",
    "Hi. I was given your name by a neighbor. We clean gutters, and we're on your street on Tuesday. "
    "{spoken}.",
    "{other}, this is {rep} again. I don't want to fill up your mailbox. {reason} {spoken}. Bye.",
    "Greetings {other}, {rep} of {their_firm} here. I sent the contract to your email. Please sign it"
    " by noon, or call {spoken}. {close}",
    "I'm calling for whoever orders the paper. We have a better price. {rep}, {their_firm}. {spoken}."
    " Again {spoken}.",
    "Hi {other}, sorry I keep missing you. When's a good time? I'm free after two. {spoken}. Thank "
    "you, {rep}.",
    "{other}. It's about the invoice from March. There are two of them and only one is right. Please "
    "call {rep} in accounts at {spoken}. {close}",
    "Hello, {rep} calling. {their_firm} can take over the whole route from May on. {reason} Get in "
    "touch at {spoken}.",
    "Hey, just me, {rep}. Nothing urgent. Buzz me back on {spoken} once you are out of your meeting.",
    "Good evening, my name's {rep}. I'd like to book the hall for a wedding. I can be reached at "
    "{spoken}. Thank you.",
    "Hi {other}, the part you ordered has come in. You can pick it up any day before five. It's "
    "{their_firm}, {spoken}.",
    "{their_firm}, {rep} speaking. We're closed on Monday, but I'll be at my desk today. {spoken}. {close}",
    "This is a message for {other}. Your test is done, and it's all fine. For questions, the office "
    "is {spoken}.",
    "Right, {other}, I have the numbers. It comes to less than we thought. Talk it over and ring "
    "{rep}, {spoken}.",
    "Hi there. We met your colleague in Denver. I'd love fifteen minutes with you this week or next. "
    "{rep}, {their_firm}. I'm at {spoken}. That's {spoken}.",
)

"""Some with words that mailboxes say, some without any word that messages begin with."""

FOREIGN = {
    "de": "Guten Tag, Sie sind mit der Mailbox von Familie Krause verbunden. Bitte sprechen Sie nach "
    "dem Ton.",
    "es": "Hola, has llamado a Lucía. Ahora no puedo atenderte. Deja tu mensaje y te llamo.",
    "es-419": "Gracias por llamar a la clínica. Nuestro horario es de ocho a cinco. Deje su nombre y su "
    "teléfono.",
    "pt-br": "Oi, aqui é o Rafael. Não posso atender agora. Deixe seu recado depois do bipe.",
    "nl": "Goedendag, u spreekt met het antwoordapparaat van bakkerij de Boer. Spreek in na de piep.",
    "fr-be": "Bonjour, le cabinet est fermé. Veuillez rappeler demain ou laisser un message.",
    "el": "Γεια σας, αυτή τη στιγμή δεν μπορώ να απαντήσω. Αφήστε μήνυμα μετά τον ήχο.",  # noqa: RUF001
    "fi": "Hei, en voi vastata puhelimeen juuri nyt. Jätä viesti äänimerkin jälkeen.",
}

"""Language of espeak-ng, and what is said in it."""
