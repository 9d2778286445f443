"""The code sets that clocks and counts hang on."""

from datetime import date

import pytest

from data_model.codes import REASON_GROUPS, ExclusionReason, SuspensionCategory
from data_model.exclusions import PEX_STATUS, PexStatus, ReviewOutcome

# CBDS, May 2026 (definitions.md): the 29 reasons, and those among them that are newer.
REASONS = [
    "PP",
    "PA",
    "VP",
    "VA",
    "OW",
    "BW",
    "BU",
    "TB",
    "RA",
    "LG",
    "DS",
    "SM",
    "SB",
    "MB",
    "AB",
    "DR",
    "AR",
    "SR",
    "VR",
    "DA",
    "DM",
    "TH",
    "LD",
    "CB",
    "DB",
    "MT",
    "MP",
    "OS",
    "PH",
]
SINCE_2020 = ["OW", "LG", "DS", "MT", "PH"]
SINCE_2026 = ["BW", "TB", "SB", "MB", "AB", "DR", "AR", "SR", "VR", "LD", "CB", "MP", "OS"]


def test_there_are_29_reasons_and_the_older_other() -> None:
    assert len(REASONS) == 29
    assert {str(code) for code in ExclusionReason} == {*REASONS, "OT"}


@pytest.mark.parametrize("code", ExclusionReason)
def test_the_days_on_which_a_reason_may_be_given(code: ExclusionReason) -> None:
    first = date(2020, 8, 1) if code in SINCE_2020 else date(2026, 8, 1) if code in SINCE_2026 else None
    assert code.valid_from == first
    assert code.valid_to == (date(2020, 7, 31) if code == "OT" else None)


def test_every_reason_is_in_exactly_one_group() -> None:
    grouped = [code for group in REASON_GROUPS.values() for code in group]
    assert sorted(grouped) == sorted(ExclusionReason)


def test_fixed_period_is_read_as_suspension_and_lunchtime_stays() -> None:
    assert SuspensionCategory.read_as()["fixd"] is SuspensionCategory.SUSPENSION
    assert [str(code) for code in SuspensionCategory] == ["SUSP", "LNCH"]
    assert "perm" in SuspensionCategory.refused()


def test_every_review_outcome_has_a_standing() -> None:
    assert set(PEX_STATUS) == set(ReviewOutcome)
    reinstated = {outcome for outcome, status in PEX_STATUS.items() if status is PexStatus.REINSTATED}
    assert reinstated == {outcome for outcome in ReviewOutcome if outcome.value.endswith("RE") or outcome == "CNO"}
