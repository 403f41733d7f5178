from django.urls import path

from console.wording import views

urlpatterns = [
    path("console/wording/", views.wordings, name="wording"),
    path("console/wording/<slug:kind>/<slug:language>/", views.words, name="words"),
    path("console/wording/<slug:kind>/<slug:language>/try/", views.preview, name="words_try"),
    path("console/wording/<slug:kind>/<slug:language>/keep/", views.keep, name="words_keep"),
    path(
        "console/wording/<slug:kind>/<slug:language>/original/",
        views.original,
        name="words_original",
    ),
]
