"""What a crew member fills in: shapes only. Whether it counts is for dispatch.operations to say.

Every form carries an id made when the page was drawn: sent twice, it counts once.
"""

import hashlib
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import BadRequest
from django.core.files.uploadedfile import UploadedFile
from django.db.models import DecimalField, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crew.fields import CHOOSE, ItemField, MomentField, PieceField, QuantityField, plain
from dispatch.models import Equipment, Item, Occupancy, Operation, StockLevel, WorkOrder
from dispatch.operations import Op
from dispatch.payloads import LONGEST_USE, SLACK, is_sane
from dispatch.rules import REASONS, Outcome
from tickets.models import Photo
from tickets.photos import NotAPhoto, read_photo

BROKEN = gettext_lazy("Something is missing in this form. Open the job again, please.")


def words(label: Any, *, required: bool = True) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, required=required, max_length=4000, widget=area)


class OpForm(forms.Form):
    """One thing done on a job: which kind, under which id, when. A button alone is such a form."""

    op = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": BROKEN})
    occurred_at = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        kind: str,
        order: WorkOrder,
        now: datetime,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, files, initial=initial, auto_id=f"{kind}-%s")
        self.kind, self.order, self.now = kind, order, now
        self.fields["op"].initial = uuid4

    def clean_occurred_at(self) -> datetime | None:
        """The phone's time of the press. Without script there is none; nonsense counts as none."""
        try:
            at = parse_datetime(self.cleaned_data["occurred_at"])
        except ValueError:
            return None
        return at.astimezone(UTC) if at and is_sane(at) else None

    def clean(self) -> None:
        if "op" in self.errors:
            self.add_error(None, BROKEN)

    def operation(self) -> Op:
        data = self.cleaned_data
        at = data["occurred_at"] or _known_time(data["op"]) or self.now
        return Op(data["op"], self.kind, self.order.pk, at, self.payload(), data.get("photo", b""))

    def payload(self) -> dict[str, Any]:
        return {}


class WordsForm(OpForm):
    def payload(self) -> dict[str, Any]:
        return {"words": self.cleaned_data["words"]}


class DeclineForm(WordsForm):
    words = words(gettext_lazy("Why can you not take it?"))


class FindingForm(WordsForm):
    words = words(gettext_lazy("What did you find?"))


class EquipmentForm(OpForm):
    code = PieceField(
        label=gettext_lazy("What did you use?"),
        queryset=Equipment.objects.none(),
        to_field_name="code",
        empty_label=CHOOSE,
    )
    start = MomentField(label=gettext_lazy("From"))
    end = MomentField(label=gettext_lazy("To"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = Occupancy.objects.filter(
            Q(period__contains=self.now) | Q(order=self.order),
            equipment=OuterRef("pk"),
            crew=self.order.crew_id,
        )
        pieces = Equipment.objects.filter(active=True).annotate(ours=Exists(held))
        choice = self.fields["code"]
        assert isinstance(choice, PieceField)
        choice.queryset = pieces.order_by("-ours", "code")
        likely = choice.queryset.first()
        choice.initial = likely.code if likely and likely.ours else None

    def clean(self) -> None:
        super().clean()
        start, end = self.cleaned_data.get("start"), self.cleaned_data.get("end")
        if end and end > self.now + SLACK:
            self.add_error("end", _("That is still to come. Log it when it is over."))
        elif start and end and end <= start:
            self.add_error("end", _("The end must be later than the beginning."))
        elif start and end and end - start > LONGEST_USE:
            self.add_error("start", _("That is more than a week. Please check the date."))

    def payload(self) -> dict[str, Any]:
        data = self.cleaned_data
        start, end = data["start"].isoformat(), data["end"].isoformat()
        return {"code": data["code"].code, "start": start, "end": end}


class MaterialForm(OpForm):
    code = ItemField(
        label=gettext_lazy("Material"),
        queryset=Item.objects.none(),
        to_field_name="code",
        empty_label=CHOOSE,
    )
    quantity = QuantityField(label=gettext_lazy("How much?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        level = StockLevel.objects.filter(item=OuterRef("pk"), place__crew=self.order.crew_id)
        there = Coalesce(Subquery(level.values("quantity")), 0, output_field=DecimalField())
        choice = self.fields["code"]
        assert isinstance(choice, ItemField)
        choice.queryset = Item.objects.annotate(there=there).order_by("-there", "code")

    def clean(self) -> None:
        super().clean()
        item, quantity = self.cleaned_data.get("code"), self.cleaned_data.get("quantity")
        if item and quantity and item.measure == Item.Measure.EACH and quantity % 1:
            self.add_error("quantity", _("This is counted in whole pieces."))

    def payload(self) -> dict[str, Any]:
        quantity: Decimal = self.cleaned_data["quantity"]
        return {"code": self.cleaned_data["code"].code, "quantity": plain(quantity)}


class PhotoForm(OpForm):
    moment = forms.ChoiceField(
        label=gettext_lazy("When was it taken?"),
        choices=[(m.value, m.label) for m in (Photo.Moment.BEFORE, Photo.Moment.AFTER)],
        widget=forms.RadioSelect,
    )
    photo = forms.FileField(
        label=gettext_lazy("Photo"),
        widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
        error_messages=dict.fromkeys(
            ("empty", "invalid"),
            gettext_lazy("This file is not a photo we can read (JPEG, PNG or WebP)."),
        ),
    )

    def clean_photo(self) -> bytes:
        upload = self.cleaned_data["photo"]
        assert isinstance(upload, UploadedFile)
        try:
            return read_photo(upload)
        except NotAPhoto as error:
            raise forms.ValidationError(str(error)) from error

    def payload(self) -> dict[str, Any]:
        digest = hashlib.sha256(self.cleaned_data["photo"]).hexdigest()
        return {"sha256": digest, "moment": self.cleaned_data["moment"]}


class DoneForm(OpForm):
    outcome = forms.ChoiceField(
        label=gettext_lazy("How does it stand now?"),
        choices=Outcome.choices,
        widget=forms.RadioSelect,
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("Waiting for what?"),
        choices=[("", "")] + [(code, r.text) for code, r in REASONS.items() if r.waits],
        error_messages={"required": gettext_lazy("Please say what the job waits for.")},
    )
    words = words(gettext_lazy("A word to the desk"), required=False)

    def clean(self) -> None:
        super().clean()
        if self.cleaned_data.get("outcome") != Outcome.WAITING:
            self.cleaned_data["reason"] = ""
            self.errors.pop("reason", None)

    def payload(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("outcome", "reason", "words")}


class CannotCompleteForm(OpForm):
    reason = forms.ChoiceField(
        label=gettext_lazy("What keeps you from it?"),
        choices=[(code, r.text) for code, r in REASONS.items()],
        widget=forms.RadioSelect,
    )
    words = words(gettext_lazy("A word to the desk"), required=False)

    def payload(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("reason", "words")}


FORMS: dict[str, type[OpForm]] = {
    "accept": OpForm,
    "decline": DeclineForm,
    "en_route": OpForm,
    "on_scene": OpForm,
    "made_safe": OpForm,
    "equipment": EquipmentForm,
    "material": MaterialForm,
    "finding": FindingForm,
    "photo": PhotoForm,
    "done": DoneForm,
    "cannot_complete": CannotCompleteForm,
}


def read_form(data: Any, files: Any, *, order: WorkOrder, now: datetime) -> OpForm:
    kind = data.get("kind", "")
    if kind not in FORMS:
        raise BadRequest("no such operation")
    return FORMS[kind](data, files, kind=kind, order=order, now=now)


def _known_time(op: Any) -> datetime | None:
    """Sent again without a time of its own, it happened when the first one said it did."""
    return Operation.objects.filter(pk=op).values_list("occurred_at", flat=True).first()
