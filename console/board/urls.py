from django.urls import path

from console.board import views

urlpatterns = [
    path("", views.board, name="board"),
    path("now/", views.now, name="board_now"),
    path("assign/<slug:number>/", views.assign, name="board_assign"),
    path("orders/<int:pk>/", views.order, name="board_order"),
    path("orders/<int:pk>/recall/", views.recall, name="board_recall"),
    path("orders/<int:pk>/preempt/", views.preempt, name="board_preempt"),
    path("equipment/<slug:code>/hand-out/", views.hand_out, name="board_hand_out"),
    path("equipment/<slug:code>/take-back/", views.take_back, name="board_take_back"),
]
