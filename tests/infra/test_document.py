"""docs/infrastructure.md shows the files as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from local.infrastructure.diagram import diagram_of
from local.infrastructure.document import DOCUMENT, filled_in
from local.infrastructure.role_assignments import TYPE as ROLE_ASSIGNMENT

if TYPE_CHECKING:
    from local.infrastructure.templates import Templates
    from tests.infra.conftest import Break


def test_the_document_is_up_to_date(templates: Templates) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert text == filled_in(text, templates), "run `python3 dev.py diagram`"


def test_the_diagram_has_every_resource_once_and_every_role(templates: Templates) -> None:
    diagram = diagram_of(templates)
    for path, resource in templates.resources():
        if resource.of.startswith(ROLE_ASSIGNMENT):
            continue
        box = path.removesuffix(".bicep").replace("-", "_").replace("/", "_")
        assert diagram.count(f'{box}__{resource.name}["') == 1
    assert diagram.count(' -- "') == sum(
        resource.of.startswith(ROLE_ASSIGNMENT) for _, resource in templates.resources()
    )


def test_every_node_of_the_diagram_is_drawn_before_it_is_linked(templates: Templates) -> None:
    lines = diagram_of(templates).splitlines()
    drawn = {line.split("[")[0].split()[-1] for line in lines if '["' in line}
    drawn.add("main__operatorPrincipalId")
    linked = [line.split() for line in lines if "-->" in line or "---" in line or "-.->" in line]
    assert len(linked) > 60
    assert {end for words in linked for end in (words[0].split("((")[0], words[-1])} <= drawn


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("vault.bicep", "resource auditLog", "resource readings"),
        ("main.bicep", "= if (usesAcs && !vnetEnabled) {", "= if (usesAcs) {"),
        ("app-roles.bicep", "roleIds.keyVaultSecretsUser)\n  }", "roleIds.reader)\n  }"),
        ("main.bicep", "param httpConcurrency int = 8", "param httpConcurrency int = 4"),
    ],
)
def test_a_document_that_was_not_renewed_is_found(
    broken: Break, file: str, old: str, new: str
) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert filled_in(text, broken(file, old, new)) != text


def test_a_document_without_the_marks_is_refused(templates: Templates) -> None:
    with pytest.raises(ValueError, match="made from infra/: diagram"):
        filled_in("# Infrastructure\n", templates)
