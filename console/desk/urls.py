from django.urls import path

from console.desk import views

urlpatterns = [
    path("", views.desk, name="desk"),
    path("outcome/", views.desk_outcome, name="desk_outcome"),
    path("saved/<int:call>/", views.desk_saved, name="desk_saved"),
    path("caller/", views.desk_caller, name="desk_caller"),
    path("questions/", views.desk_questions, name="desk_questions"),
    path("nearby/", views.desk_nearby, name="desk_nearby"),
    path("emergency/", views.desk_emergency, name="desk_emergency"),
]
