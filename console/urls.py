"""The staff's screens; each has its own folder and writes its addresses without a prefix."""

from django.urls import include, path

app_name = "console"
urlpatterns = [
    path("desk/", include("console.desk.urls")),
    path("board/", include("console.board.urls")),
    path("console/", include("console.texts.urls")),  # texts/, contacts/, call-backs/
    path("", include("console.wording.urls")),  # /console/wording/…
    path("", include("console.queue.urls")),  # /console/… and /photos/…
]
