"""Under /hooks/. A gateway may ask with or without a slash at the end; it is never sent on."""

from django.urls import re_path

from notifications import webhooks

app_name = "hooks"

TOKEN = "(?P<token>[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12})"

urlpatterns = [
    re_path(rf"^twilio/status/{TOKEN}/?$", webhooks.twilio_status, name="twilio_status"),
    re_path(rf"^json/status/{TOKEN}/?$", webhooks.json_status, name="json_status"),
]
