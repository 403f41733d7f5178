from django.urls import path

from console.texts import calls, contacts, gateways, incoming, log, parked

urlpatterns = [
    path("texts/", log.log, name="texts"),
    path("texts/<int:pk>/", log.text, name="text"),
    path("texts/<int:pk>/<slug:action>/", parked.act, name="text_act"),
    path("texts/parked/", parked.parked, name="parked"),
    path("texts/parked/again/", parked.all_again, name="parked_again"),
    path("texts/gateways/", gateways.gateways, name="gateways"),
    path("texts/gateways/<slug:name>/try/", gateways.try_now, name="gateway_try"),
    path("texts/incoming/", incoming.incoming, name="incoming"),
    path("texts/incoming/<int:pk>/", incoming.one, name="incoming_one"),
    path("texts/incoming/<int:pk>/<slug:form>/", incoming.act, name="incoming_act"),
    path("contacts/<int:pk>/", contacts.contact, name="contact"),
    path("contacts/<int:pk>/write/", contacts.write, name="contact_write"),
    path("contacts/segments/", contacts.count, name="segments"),
    path("call-backs/", calls.call_backs, name="call_backs"),
    path("call-backs/owe/", calls.owe, name="call_back_owe"),
    path("call-backs/<int:pk>/done/", calls.done, name="call_back_done"),
    path("recordings/<int:pk>/", calls.recording, name="recording"),
]
