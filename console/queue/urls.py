from django.urls import path

from console.queue import ticket, views

urlpatterns = [
    path("console/", views.queue, name="queue"),
    path("console/tickets/<slug:number>/", ticket.ticket, name="ticket"),
    path("console/tickets/<slug:number>/<slug:action>/", ticket.act, name="act"),
    path("photos/<int:pk>/", ticket.photo, name="photo"),
]
