"""Under /hooks/. A gateway may ask with or without a slash at the end; it is never sent on."""

from django.urls import re_path

from hotline import hooks

app_name = "line"
urlpatterns = [
    re_path(r"^twilio/sms/?$", hooks.text, name="text"),
    re_path(r"^twilio/voice/?$", hooks.call, name="voice"),
    re_path(r"^twilio/voice/language/?$", hooks.language, name="voice_language"),
    re_path(r"^twilio/voice/dialled/?$", hooks.dialled, name="voice_dialled"),
    re_path(r"^twilio/voice/recorded/?$", hooks.recorded, name="voice_recorded"),
    re_path(r"^twilio/voice/recording/?$", hooks.recording, name="voice_recording"),
    re_path(r"^twilio/voice/desk/?$", hooks.desk, name="voice_desk"),
    re_path(r"^twilio/voice/status/?$", hooks.status, name="voice_status"),
]
