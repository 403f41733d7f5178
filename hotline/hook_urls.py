"""Under /hooks/. A gateway may ask with or without a slash at the end; it is never sent on."""

from django.urls import re_path

from hotline import hooks

app_name = "line"
urlpatterns = [
    re_path(r"^twilio/sms/?$", hooks.text_came_in, name="text_came_in"),
]
