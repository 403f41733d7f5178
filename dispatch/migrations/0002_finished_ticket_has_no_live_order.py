"""The reverse of the trigger on the order: a ticket with a live order cannot be finished."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION ticket_finishes_without_live_orders() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM dispatch_workorder
        WHERE ticket_id = NEW.id AND kind <> 'verify'
            AND status IN ('planned', 'dispatched', 'accepted', 'en_route', 'on_scene')
    ) THEN
        RAISE EXCEPTION 'ticket % has a live order: it cannot be %', NEW.id, NEW.status
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ticket_finishes_without_live_orders
    BEFORE UPDATE OF status ON tickets_ticket FOR EACH ROW
    WHEN (NEW.status IN ('resolved', 'closed', 'rejected', 'merged'))
    EXECUTE FUNCTION ticket_finishes_without_live_orders();
"""
BACKWARD = """
DROP TRIGGER ticket_finishes_without_live_orders ON tickets_ticket;
DROP FUNCTION ticket_finishes_without_live_orders();
"""


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0001_initial"), ("tickets", "0002_chain_of_moves")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
