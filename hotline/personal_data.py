"""Every column that may identify a citizen: the one registry.

Whoever erases or exports a person begins here; a test refuses free text that is not listed.
Whoever adds a column for what a person said, or how to reach them, adds it here.
"""

from dispatch.models import Operation
from hotline.models import Call, Feedback, InboundText, Recording, Report
from notifications.models import Contact, Message
from tickets.models import Photo, Ticket, Words

PERSONAL = {
    Contact: ("phone", "email", "name"),
    Message: ("body",),
    Words: ("public", "internal"),
    Photo: ("file",),
    Ticket: ("address",),
    Report: ("answers", "foreign_id"),
    Call: ("number",),
    Recording: ("file",),
    InboundText: ("number", "body"),
    Feedback: ("contact",),
    Operation: ("payload",),
}
