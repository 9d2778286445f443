"""The data dictionary says of every dataset what the checks go by."""

import pytest
from html_of import html_of

from access.roles import Role
from data_model.catalogue import DATASETS


@pytest.mark.parametrize("dataset", DATASETS.values(), ids=lambda dataset: dataset.name)
def test_every_column_code_and_rule_is_there(draw_page, dataset) -> None:
    drawn = draw_page("data_dictionary", Role.LEADER, dataset=dataset.title)
    words = html_of(drawn)
    for column in dataset.columns.values():
        assert f">{column.name}<" in words
        for code in column.codes or ():
            assert f">{code}<" in words
    for rule in dataset.rules:
        assert f">{rule.code}<" in words


def test_the_template_can_be_downloaded(draw_page) -> None:
    drawn = draw_page("data_dictionary", Role.ADMIN, dataset="Suspensions")
    assert "Download the template" in [button.label for button in drawn.download_button]
