"""What holds for every model, so that nobody can forget it."""

import pytest
from django.apps import apps
from django.db import models

OURS = [
    model
    for model in apps.get_models()
    if model.__module__.split(".")[0] in {"events", "homes", "incidents", "voice", "oversight"}
]


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_a_model_has_a_data_class_and_a_retention_rule(model: type[models.Model]) -> None:
    assert getattr(model, "data_class", "") in {"none", "personal", "special"}
    assert getattr(model, "retention", "")
    assert model.__doc__
    assert not model.__doc__.startswith(f"{model.__name__}(")


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_no_model_inherits_another_table(model: type[models.Model]) -> None:
    assert not model._meta.parents, "a child table has no row-level security of its own parent"


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_who_and_when_stand_together(model: type[models.Model]) -> None:
    """A pair such as told_at and told_by is set together or not at all, and the database says so."""
    fields = {field.name: field for field in model._meta.get_fields() if field.concrete}
    constraints = " ".join(str(constraint.deconstruct()) for constraint in model._meta.constraints)
    for name, field in fields.items():
        partner = fields.get(name.removesuffix("_by") + "_at")
        if name.endswith("_by") and partner is not None and field.null and partner.null:
            assert f"{name}__isnull" in constraints, f"{model.__name__}.{name} and {partner.name}"


def test_the_search_found_the_models() -> None:
    assert len(OURS) > 40
