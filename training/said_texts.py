"""Sentences of mailboxes and of reps that are only read, never spoken: to learn the words of both from."""

from __future__ import annotations

MAILBOX = """
You've reached the voicemail of. You have reached. You're through to. You've got. You've called. Hi, you've
reached my cell phone. Hello, you've reached the office of. This is the voice mailbox of. I'm not able to
take your call. I can't take your call right now. I can't come to the phone. I can't answer the phone. I'm
unable to answer. I am not available at the moment. I'm currently unavailable. We are not available to take
your call. No one is available to take your call. Nobody is here to take your call. There is nobody here
right now. We can't get to the phone. Can't talk right now. Can't pick up. I can't pick up right now. I'm
either on the phone or away from my desk. I'm on another call. I'm on the other line. I'm in a meeting. I'm
in meetings all day. I'm away from my desk. I'm out of the office. I will be out of the office until Monday.
I'm on vacation until the third. I'm traveling this week. I will be back on Tuesday. I'll be returning on
the fifth. I'm out today. We're closed. We are currently closed. Our office is closed for the day. The
office is closed. The store is closed right now. Our hours are nine to five. Our business hours are Monday
through Friday. Our regular hours are eight to six. We're open from ten until four. We are open weekdays.
The shop opens at seven. We will reopen on Monday morning. Leave a message. Leave me a message. Please leave
a message. Leave your name and number. Please leave your name and phone number. Leave your name, number and
a brief message. Leave a detailed message. Leave us a message. Just leave your name. Please leave your
message after the tone. Leave a message after the beep. At the tone, please record your message. Record your
message after the tone. Record your message now. Begin recording after the beep. Start talking after the
beep. Wait for the beep. Wait for the tone. After the beep. At the beep. After the tone. At the tone. At the
sound of the tone. You know what to do. You know the drill. Do your thing. Make it quick. Say something. Say
what you need. Tell me what's up. Tell us how we can help you. Let us know who you are. Tell us what it's
about. Speak clearly. Speak slowly. Speak up. I'll get back to you. I will get back to you as soon as I can.
We'll get back to you. I'll call you back. I'll call you right back. We will return your call. I will return
your call as soon as possible. Someone will call you back. Somebody will be with you shortly. I'll return
your call when I get back. You'll hear from us. You will hear from me soon. I'll be in touch. We'll be in
touch soon. Your call will be returned. Calls are returned within a day. We return all calls. Thank you for
calling. Thanks for calling. Thanks for your call. Thank you for your call. We appreciate your call. Your
call is important to us. Sorry I missed your call. Sorry we missed your call. Sorry I missed you. Sorry, I'm
not here. I'm sorry, no one can take your call. If this is an emergency, hang up and dial nine one one. If
it's urgent, call my cell. If this is urgent please call. For emergencies call. If you need help right away,
press zero. For immediate assistance press zero. For immediate help call the main office. In an emergency.
If you're calling about an order, email us. If you are calling to make an appointment. Text me instead. Send
me a text. Shoot me a text. I don't check my voicemail. I never listen to these. Nobody listens to
voicemail. I check this once a day. This mailbox is checked often. Please try again later. Please try your
call again. Call again later. Try me later. Try again. The person you are calling is not available. The
person you are trying to reach is not available. The person you have called. The customer you are calling.
The subscriber you have dialed. The number you have dialed is not in service. The party is unavailable. The
wireless customer is not available. The mobile number is switched off. The extension is busy. The user at
extension is not available. Your call has been forwarded. Your call has been forwarded to an automated voice
message system. Your call is being forwarded. You are being transferred. Please hold. Please stay on the
line. Please wait. Please continue to hold. Please hold while I try to connect you. All our agents are busy.
All of our representatives are helping others. All lines are busy. You are next in line. This call may be
recorded. Calls may be monitored or recorded. When you are finished, hang up. When you have finished
recording, you may hang up. When you're done, just hang up or press pound. Press one for more options. Press
pound for more options. For more options press one. For delivery options press star. Press one for sales.
For sales, press one. For service, press two. For support press three. Press nine to hear this again. Press
star to repeat. Para espanol oprima el dos. For English press one. Press pound when done. Press any key. To
leave a message, press one. To leave a callback number, press five. To send a page, press two. To page
someone press. To send a fax. To reach the operator press zero. To speak with an operator. To return to the
menu. To skip. To disconnect, press star. If you know the extension, dial it now. Enter the extension. Dial
the extension at any time. For a directory press. To send your message press one. To send this message,
press pound. To listen to your message, press one. To hear your message. To play it back. To rerecord your
message. To record again. To record over it. To erase your message. To erase and start over. To delete it.
To cancel, press star. To save, press. To continue recording. To keep recording. To add to your message. To
mark it urgent. To mark it private. Your message has been sent. Your message was sent. Message sent. Message
saved. Message deleted. Your message has been recorded. Your message has been delivered. Thank you, your
message was received. Recording saved. End of recording. Are you still there? Are you there? I didn't hear
anything. I did not hear you. Sorry, that is not valid. That was not a valid option. You have thirty seconds
left. You have reached the maximum length. Time is up. Your time has run out. The recording is too short. If
you are satisfied with your message. To review your message. You may hang up now. Goodbye. Good bye. Bye
bye. The mailbox is full. This mailbox is full. The mailbox is full and cannot accept any messages. The
voice mailbox is full. The memory is full. The mailbox belonging to. The mailbox has not been set up. This
user has not set up a voicemail. This mailbox is not taking messages. Messages can't be left at this time.
You cannot leave a message. No messages can be recorded. Please state your name. State your name and the
reason for your call. Say your name. Say who is calling. Who is calling? Please say your name after the
beep. Tell me your name and why you're calling. May I ask who is calling? This person is screening calls.
I'll see if they are available. I will connect you. Trying to connect you. Thank you, one moment. Welcome
to. Welcome to the voice mail system. Hello and welcome. Our menu has changed. Listen carefully as our
options have changed. Our address is. Visit us on the web. Visit our website. Find us online. You can book
online. You can also email me. For directions. For billing questions. For refills. For all other calls. For
anything else. For general questions. For new patients. This is the after hours line. You've reached us
after hours. Outside of business hours. Happy holidays. Merry Christmas. I'm probably asleep. I'm probably
busy. I'm probably driving. I'm not around. We're not around. We're out. We are not home. Nobody's home. My
phone is off. My phone is on silent. I don't answer numbers I don't know. If you're a telemarketer. If
you're selling something. You missed me. You just missed us. You caught me away from the phone. Here's the
beep. Beep. The beep is coming. Have a great day, and leave a message. Have a blessed day. Have a nice day
and thanks for calling. I no longer work here. I have left the company. He is no longer with the company.
Please direct your call to. My calls are being taken by. My assistant can help you. My colleague covers for
me. In my absence please contact.
This number takes no calls. This phone is not answered after five. The line you called is no longer checked.
This voicemail is not monitored. I do not check this voicemail. I rarely listen to these. I never pick up
unknown numbers. If I don't know you, I won't pick up. Say who you are or I won't call back. If you know me,
you have my other number. Please send an email instead. Email is best. Your best bet is to email me. The
fastest way to get me is a text. You can find us online. Visit our website. You can book online. Appointments
can be made on our website. To make an appointment. To cancel an appointment. To reach billing. To reach the
pharmacy. To reach another person. For prescription refills. For directions to our office. For our hours and
location. For sales. For service. For support. For parts and service. For a company directory. For all other
calls. For Spanish. Para español. Oprima el dos. If you know your party's extension you may dial it at any
time. If you know the extension. Enter the extension now. Please listen carefully as our menu has changed.
Please hold for the next available agent. Please hold while I transfer you. Please stay on the line. Please
remain on the line. Transferring your call. Connecting you now. One moment while I connect you. I will try
that extension. The extension you dialed. That extension does not answer. That mailbox does not exist. The
mailbox is full. This mailbox is full. The mailbox you are calling is full. Her mailbox is full and cannot
accept messages. The recipient's mailbox is full. It cannot accept any messages at this time. There is no
room for new messages. Memory is full. This user has not set up a mailbox. The person you called has a
voicemail box that has not been set up. Please call again. Please try your call later. Try again in a few
minutes. The call cannot be completed as dialed. Check the number and dial again. The number you have dialed
is not in service. This number has been changed or disconnected. The subscriber is out of reach. The phone
you are calling is turned off. The wireless customer is not available. Your call is being sent to voicemail.
You were transferred to a voice messaging service. Who may I say is calling? May I ask who is calling? May I
ask what this is about? Please say your name and why you are calling. State your name after the tone. This
call may be recorded. This call is being screened. I'll see if they are available. Let me see if this person
is available. Hold on while I find them. They can't take your call. They did not answer. He did not pick up.
She isn't in. Would you like to leave a message? Go ahead and leave a message. Recording will begin at the
tone. You may begin. You may start now. Recording. Go ahead after the beep. Here it comes. Here comes the
beep. Beep is coming. You get a beep. Wait for it. Ready? Go. Talk to the machine. The machine will listen.
It's a machine. Yes, it's a machine. This is the machine. This is not me. It's only my voicemail. Ha ha, it's
the voicemail. I'm probably driving. I'm most likely with a client. I'm on a job site. I'm under a car. I'm
up a ladder. I'm on a plane. I'm at lunch. I'm asleep. I'm gone fishing. We are out walking the dog. The kids
are loud. I lost my phone. My phone is off. I am on leave. I'm on maternity leave. I'm on parental leave
until June. I'm on jury duty. I have left the company. I no longer work here. While I'm away. During my
absence. In my absence. My calls are handled by. My assistant can help you. My colleague is covering for me.
Please contact my colleague. Please call our main number. Please dial the operator. For a quicker answer call
the front desk. If you need someone today. If you need to speak to someone right away. If you can't wait. If
it can't wait. If it can wait. If this is about a delivery. If this is about the house. If this is about the
job. If this is about the car, it's still for sale. If you're calling about the apartment, it's taken. If
this is my mother. If you're selling something, hang up. If you are a salesman. No solicitors please. Please
don't leave a message. Don't leave a message. Leave it here. Leave one. Leave word. Leave the details. Leave
your address. Leave your date of birth. Leave the best time to call. Tell us your order number. Tell us when
it suits you. Spell your last name. Repeat your number. Say your number twice. Don't forget your number.
Include your account number. Keep it short. Keep it brief. Make it good. Be nice. No hang ups. I check
messages twice a day. I check this often. Messages are checked daily. Messages left after four will be
returned tomorrow. We'll be back on Monday. Back on the ninth. I return on the twelfth. From Monday to
Friday. We are open again tomorrow. We are closed for the holiday. We're closed for inventory. Happy
holidays. Have a blessed day. Have a lovely day and leave a message. Message saved. Message sent. Your
message has been sent. Your message was recorded. Your message is too short. Message deleted. To listen to
your message. To record over it. To add to your message. To send this with high priority. To mark it private.
For delivery options. To leave a callback number. To send a numeric page. To page this person. To disconnect.
To finish. If you are satisfied with your message. If you'd like to record again. Press star to start over.
Press pound to send. Press any key to continue. Are you still there? Sorry, I did not understand. That is not
a valid entry. You have run out of time. You have reached the maximum length. Time is up. Thank you, goodbye.
Thank you for your message. Goodbye and thank you for calling.
"""

REPS = """
Hi, this is. Hey, it's. Hello, my name is. Good morning, this is. Good afternoon, my name is. Hey there. Hi
there, this message is for. This is calling from. I'm calling from. I'm with. I work with. I'm over at. It's
from the sales team. From the service department. I'm calling about your order. I'm calling about your
account. I'm calling about the quote. I'm calling in regards to. I'm calling regarding. I'm just calling to
check in. I'm calling to follow up. Just following up on my email. Just following up on our conversation. I
wanted to follow up. I wanted to touch base. I wanted to reach out. I'm reaching out because. The reason for
my call is. The reason I'm calling. I was calling to see. I was hoping to catch you. I was hoping to speak
with you. I tried you earlier. I tried to call you yesterday. I left you a message last week. I sent you an
email. I emailed you the proposal. I sent over the contract. I just sent you the link. You filled out a form
on our website. You asked for more information. You requested a demo. You asked me to call. You had asked
about. You downloaded our guide. You signed up. We met at the conference. We spoke last month. We talked
about. As we discussed. I saw that you are hiring. I noticed that your company. I read about you.
Congratulations on the new office. I came across your profile. Your name was given to me by. You were
referred by. I got your number from. Our mutual friend. We help companies like yours. We work with firms in
your area. We help teams save time. We can save you money. We save our clients. We have a special this
month. We have an offer for you. There's a discount. The price goes up. The offer ends on Friday. Your
contract ends. Your subscription is up for renewal. Your invoice is due. There is a problem with your order.
Your order is ready. Your car is ready. Your appointment is tomorrow. I need to move our meeting. Can we
reschedule? I'd like to schedule a time. I'd like to set up a call. I'd love to show you. I'd love to hear.
I'd like to learn more about. I'd like to talk with you about. I have some ideas. I have an idea. It will
only take ten minutes. It takes five minutes. Do you have fifteen minutes this week? Are you free on
Thursday? Would Tuesday work? Does next week work for you? What works for you? What's a good time? When
would be a good time? Let me know what you think. Let me know if you're interested. Let me know either way.
If you're interested, give me a call. If you have any questions, call me. Feel free to call me. Feel free to
reach out. Give me a call. Give me a call back. Give me a ring. Give me a shout. Call me back. Please call
me back. Please give me a call back at. Please call back at. Call me when you get this. Call me when you
can. Ring me back. Please return my call. Get back to me. Please get back to me. When you get a chance, call
me. When you have a moment. You can reach me at. You can call me at. You can reach me on my cell. You can
get me on. You can text me. Or shoot me an email. I can be reached at. My number is. My cell is. My direct
line is. My phone number is. My extension is. The number here is. Our number is. The best number is. The
best number to reach me is. My number again is. Again, my number is. Again, that's. Again. Once again. That
number again. That's. One more time. I'll repeat that. I'll say it again. I'll give you the number. Here's
my number. It's. So it's. I'm at. I'm on. Call. Dial. Area code. Extension. And ask for me. Ask for. And
press two. Then press four. I'll be in the office until five. I'm here all day. I'm around until six. I'm at
my desk until four. I'm available any time. I'll try you again tomorrow. I'll try you again next week. I'll
call you again. I'll call back later. I'll try again on Monday. I'll send you an email as well. I'll follow
up with an email. I'll email you the details. I'll put it in an email. Looking forward to hearing from you.
Look forward to talking with you. I look forward to your call. Hope to hear from you. Hope to talk soon.
Talk to you soon. Talk soon. Speak soon. Thanks. Thank you. Thanks so much. Thank you so much. Thanks a lot.
Thank you for your time. Have a great day. Have a good one. Have a great weekend. Have a nice evening. Take
care. Bye. Bye for now. Bye bye. Thanks, bye. Sorry I missed you. Sorry to miss you. Sorry we keep missing
each other. I hope you're doing well. Hope you are well. How are you? I know you're busy. I'll keep it
short. I'll be brief. This is my last try. This isn't urgent. It's nothing urgent. No rush. I work for. I
represent. I handle your account. I am your new account manager. I took over from. I'm the manager at. The
delivery will be there on Wednesday. The part came in. The driver is on the way. The truck comes on Monday.
We shipped it. The inspection is done. The paperwork is ready. I need your signature. Please sign and send
it back. I need one more thing from you. I have a question about. I have good news. I wanted to let you
know. Just to let you know. Just a reminder. A quick reminder. My colleague spoke with you. My boss asked me
to call. We have an opening. We have availability. One is still free. Two are left. I can offer you. I can
send a sample. I can come by. I can stop by your office. We could meet. Let's get together. Let's talk. It's
about the roof. It's about the insurance. It's about the trucks. It is about your phone bill. It concerns
the lease. Other customers cut their costs. A company near you. It costs nothing. There is no cost. It's
free. No obligation. You may get my voicemail. If I don't pick up, leave me a message. If you get my
voicemail leave a message. Leave me a message. Leave word with my assistant. Our office is open until six.
We're open on Saturday. Our office is on Main Street. We're closed on Sunday. Sorry for the long message.
Sorry about the noise. Let me start over. Actually, let me correct that. I mean. Oh, and one more thing.
Hi, this is me again. It's me from yesterday. Good to finally get your machine. I guess I missed you. I hoped
to get you live. I'll keep it short. I'll make this quick. Two things. One thing only. Quick question for
you. I have one question. Small favor. I'm with the firm that. I'm the one who. I'm your new contact. I took
over from. I took over your account. I look after your account. I look after clients in your town. I run the
team. I'm one of the partners. I'm just down the road. I'm a neighbor of yours. I was in your store last
week. I stopped at your booth. We met at the fair. We met at the show. We were introduced by. Remember me?
Your name came up. Somebody gave me your name. A friend of yours suggested. I heard you speak. I read about
your new plant. I saw your listing. I saw your ad. I saw that you are hiring. Congratulations on. Congrats on
the new job. I noticed your lease is up. You asked for a demo. You filled out a form. You downloaded our
guide. You asked us to call. You left us a note. You called us. You called this morning. I'm returning your
call. I missed your call. Sorry it took me so long. Sorry for the delay. Thanks for getting in touch. I
promised to call. As promised. As we discussed. Like we said. Further to our talk. After our meeting. Since
we last talked. I have the numbers for you. I have your quote. I have the price you asked for. I've got good
news. I found what you were looking for. The quote is good until Friday. The price is good until the end of
the month. Your trial ends on. Your plan renews. Your warranty runs out. Your loan application. Your claim.
Your policy. Your delivery comes tomorrow. Your package is here. Your test results are in. Your table is
booked. We're still missing a form. One document is missing. Your signature is missing. We need your
approval. We need a decision by. There's a deadline. There's been a change. Something has come up. I have to
move our meeting. Can we push it? Can we talk on Thursday? Could we find ten minutes? Would you rather have
an email? I sent you an email. I'll send you an email. I'll put it in an email. I emailed you the contract.
Did you get it? Did you have a chance to look? Have you had a chance to? Any thoughts? What do you think? Are
you the right person? Who handles that? If that's not you, who is it? Could you pass this on? Would you let
him know? Please tell her I called. I'd be glad to come by. We just finished a job on your street. We do
roofs. We do this for shops like yours. We cut their costs by. They saved a third. It's free. There's no
obligation. No strings attached. I'm not selling anything. This is not a sales call. It's about your account.
It's about the invoice. It's about the house. It's about your order. It's regarding the contract. This is
about. I'm phoning about. I'm ringing about. I'm calling to confirm. I'm calling to remind you. I'm calling
to see if. I'm calling to ask. I'm calling with an update. I'm calling back about. I wanted to check. I
wanted to make sure. I wanted to thank you. I only wanted to. I just need a yes or no. I'll be brief. I'll
try again tomorrow. I'll try you later. I'll try your cell. I'll call again on Friday. I'll call you at
three. I'll stop by. I'll be in your area. I'm in town until Thursday. I'm free this afternoon. I'm at my
desk. I'm at my desk until six. I'm in the office all day. I'm around. I'm not in on Wednesday. I'm out on
Friday but Monday is fine. You can leave me a message too. Just leave me a message if I'm on the other line.
Leave word with my assistant. Ask for me at the front desk. My assistant can set it up. Press two for me.
Press four and you get me. I'm at extension. My extension is. You can text this number. Text is fine. Either
is fine. Call me. Call me please. Please call. Please ring. Ring me. Phone me. Try me. Try me at. Give me a
shout. Give me a buzz. Let's talk. Let's find a time. Let's get you in. Let's set something up. Talk soon.
Speak soon. See you then. See you. Catch you later. Bye. Bye bye. Bye for now. Cheers. Cheers then. Take
care. Take it easy. All the best. Have a good one. Have a great evening. Have a good weekend. Thanks. Thanks
a lot. Thanks so much. Thank you very much. Thank you for your time. Thanks for listening. Much obliged.
Appreciate it. My number, once more. That number is. The number is. It's on your caller ID. This number is
fine. You have my number. Here is the number again. Let me give you my number. Let me say that again. I'll
say it slowly. I'll repeat it. Did you get that? That was. Again it's. Or my cell. I got cut off. Your
machine cut me off. Your mailbox cut me off. It's me again, I got cut off. I got your voicemail. I'm leaving
you a message. I left a message on Monday. This is my third message. I don't want to be a pest. If I don't
hear from you. I'll close your file.
"""

"""Both as they are often heard; each list is dealt by sentence."""
