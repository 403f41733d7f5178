from dispatch.models.crews import Crew, CrewMembership, Member, MemberSkill, Shift, Skill
from dispatch.models.equipment import Equipment, EquipmentUse, Need, Occupancy
from dispatch.models.operations import Operation
from dispatch.models.orders import WorkOrder, WorkOrderQuerySet
from dispatch.models.stock import Item, MaterialUse, Place, StockLevel, StockMove

__all__ = [
    "Crew",
    "CrewMembership",
    "Equipment",
    "EquipmentUse",
    "Item",
    "MaterialUse",
    "Member",
    "MemberSkill",
    "Need",
    "Occupancy",
    "Operation",
    "Place",
    "Shift",
    "Skill",
    "StockLevel",
    "StockMove",
    "WorkOrder",
    "WorkOrderQuerySet",
]
