"""Database triggers that several apps declare (PostgreSQL, by django-pgtrigger)."""

import pgtrigger

# One door for maintenance, `SET LOCAL hotline.maintenance = 'on'`, so that it ends with the
# transaction that opened it.
UNLESS_MAINTENANCE = "current_setting('hotline.maintenance', true) IS DISTINCT FROM 'on'"


def append_only(name: str) -> pgtrigger.Trigger:
    """Rows are written once: UPDATE and DELETE are refused outside maintenance."""
    return pgtrigger.Trigger(
        name=f"{name}_append_only",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func=f"""
            IF {UNLESS_MAINTENANCE} THEN
                RAISE EXCEPTION '{name} is append-only';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )
