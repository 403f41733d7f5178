from django.urls import path

from hotline.citizen import answers, views

app_name = "citizen"
urlpatterns = [
    path("", views.home, name="home"),
    path("report/", views.report, name="report"),
    path("follow/", views.follow, name="follow"),
    path("t/<slug:token>/", views.track, name="track"),
    path("t/<slug:token>/answer/", answers.verdict, name="verdict"),
    path("t/<slug:token>/rating/", answers.rating, name="rating"),
    path("t/<slug:token>/news/", answers.news, name="news"),
    path("services/", views.services, name="services"),
    path("map/layers.json", views.map_layers, name="map_layers"),
]
