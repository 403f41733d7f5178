"""One job for one crew. Any number of them per ticket; only dispatch.orders moves them."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dispatch.models.crews import Crew
from dispatch.rules import LIVE, ON_THE_MOVE, ORDER_RULES, REASONS, Kind, OrderStatus, Outcome
from tickets.models import Ticket, Unit

FINISHED_TICKETS = "'resolved', 'closed', 'rejected', 'merged'"

# The order locks its ticket and looks; the ticket, when it finishes, looks for live orders. Not
# deferred: two deferred looks would both see the old world and both commit.
NO_LIVE_ORDER_ON_A_FINISHED_TICKET = pgtrigger.Trigger(
    name="order_needs_open_ticket",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("status", "ticket_id", "kind"),
    declare=[("ticket_status", "text")],
    func=f"""
        IF NEW.kind <> 'verify' AND NEW.status IN ({", ".join(f"'{s}'" for s in LIVE)}) THEN
            SELECT status INTO ticket_status FROM tickets_ticket
                WHERE id = NEW.ticket_id FOR NO KEY UPDATE;
            IF ticket_status IN ({FINISHED_TICKETS}) THEN
                RAISE EXCEPTION 'ticket % is %: no live order', NEW.ticket_id, ticket_status
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
        END IF;
        RETURN NEW;
    """,
)


def _legal_moves() -> pgtrigger.Trigger:
    legal = ", ".join(f"'{old}>{new}'" for new, olds in ORDER_RULES.items() for old in sorted(olds))
    return pgtrigger.Trigger(
        name="order_moves_legally",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("status"),
        func=f"""
            IF TG_OP = 'INSERT' THEN
                IF NEW.status <> 'planned' THEN
                    RAISE EXCEPTION 'an order begins as planned, not %', NEW.status
                        USING ERRCODE = 'integrity_constraint_violation';
                END IF;
            ELSIF NEW.status <> OLD.status
                    AND OLD.status || '>' || NEW.status NOT IN ({legal}) THEN
                RAISE EXCEPTION 'order %: % to % is no legal move', OLD.id, OLD.status, NEW.status
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NEW;
        """,
    )


class WorkOrderQuerySet(models.QuerySet["WorkOrder"]):
    def for_ticket(self, ticket: Ticket) -> WorkOrderQuerySet:
        return self.filter(ticket=ticket)

    def live(self) -> WorkOrderQuerySet:
        return self.filter(status__in=LIVE)

    def without_crew(self) -> WorkOrderQuerySet:
        return self.filter(status=OrderStatus.PLANNED, crew__isnull=True)


class WorkOrder(models.Model):
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    crew = models.ForeignKey(Crew, models.PROTECT, null=True, related_name="+")
    status = models.CharField(max_length=16, choices=OrderStatus, default=OrderStatus.PLANNED)
    window = DateTimeRangeField(null=True)  # when it is meant to happen
    instructions = models.TextField(blank=True)
    outcome = models.CharField(max_length=14, choices=Outcome, blank=True)
    reason = models.CharField(max_length=20, blank=True)  # a code of rules.REASONS
    finished_at = models.DateTimeField(null=True)  # when it happened, as the crew says
    finished_seq = models.PositiveIntegerField(null=True)  # the ticket's event that tells of it
    follows = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    verified_at = models.DateTimeField(null=True)

    objects = WorkOrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("work order")
        verbose_name_plural = _("work orders")
        constraints: ClassVar = [
            # Two dispatchers at the same minute would otherwise send two crews to one lamp.
            models.UniqueConstraint(
                fields=["ticket", "kind", "unit", "crew"],
                condition=Q(status__in=LIVE),
                nulls_distinct=False,
                name="one_live_order_of_a_kind",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=ON_THE_MOVE) | Q(crew__isnull=False),
                name="order_under_way_has_crew",
            ),
            models.CheckConstraint(
                condition=Q(status__in=("done", "cannot_complete"), finished_at__isnull=False)
                | (~Q(status__in=("done", "cannot_complete")) & Q(finished_at__isnull=True)),
                name="order_finishes_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=Outcome.values) | ~Q(status="done") & Q(outcome=""),
                name="order_done_has_outcome",
            ),
            models.CheckConstraint(
                condition=Q(reason__in=("", *REASONS))
                & (~Q(status="cannot_complete") | ~Q(reason=""))
                & (~Q(outcome="waiting") | ~Q(reason="")),
                name="order_gives_its_reason",
            ),
        ]
        indexes: ClassVar = [
            models.Index("ticket", "id", name="order_by_ticket"),
            models.Index(F("crew"), "id", condition=Q(status__in=LIVE), name="order_live_by_crew"),
        ]
        triggers: ClassVar = [NO_LIVE_ORDER_ON_A_FINISHED_TICKET, _legal_moves()]

    def __str__(self) -> str:
        return f"order {self.pk}"

    @property
    def is_live(self) -> bool:
        return self.status in LIVE
