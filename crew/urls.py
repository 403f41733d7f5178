from django.urls import path

from crew import views

app_name = "crew"
urlpatterns = [
    path("", views.jobs, name="jobs"),
    path("jobs/<int:pk>/", views.job, name="job"),
    path("jobs/<int:pk>/operations/", views.operate, name="operate"),
    path("jobs/<int:pk>/photos/<int:photo_pk>/", views.photo, name="photo"),
]
