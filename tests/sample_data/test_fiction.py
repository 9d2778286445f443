"""Nothing in the fictional LA can belong to a real child, school or provider."""

import re

import numpy as np
import pytest

from data_model.columns import upn_check_letter
from sample_data import names
from sample_data.generate import Frames, generate
from sample_data.upns import check_letters, upns

NEVER_USED = set(range(990, 1000))  # no local authority of England has one of these codes


def test_schools_have_urns_and_codes_that_nobody_has(larkshire: Frames) -> None:
    schools = larkshire["schools"]
    assert schools["urn"].tolist() == list(range(900_001, 900_121))
    assert schools["laestab"].is_unique
    assert (schools["laestab"] // 10_000).eq(999).all()
    assert schools["school_name"].is_unique
    assert schools["easting"].between(700_000, 730_000).all(), "in the North Sea"
    assert schools["northing"].between(300_000, 330_000).all(), "in the North Sea"


def test_every_urn_anywhere_is_one_of_these_schools(larkshire: Frames) -> None:
    known = set(larkshire["schools"]["urn"])
    for frame in larkshire.values():
        for name in frame.columns[frame.columns.str.fullmatch(r"(.+_)?urn")]:
            assert set(frame[name].dropna()) <= known


def test_pupils_have_upns_of_an_la_that_does_not_exist(larkshire: Frames) -> None:
    references = larkshire["pupils"]["pupil_ref"].cat.categories
    assert references.is_unique
    assert all(re.fullmatch(r"[A-HJ-NP-RT-Z]999\d{9}", reference) for reference in references)
    assert all(reference[0] == upn_check_letter(reference[1:]) for reference in references)


def test_providers_without_a_urn_have_a_number_that_is_not_given_out(larkshire: Frames) -> None:
    numbers = larkshire["ap_placements"]["provider_ukprn"].dropna()
    assert len(numbers)
    assert not numbers.astype(str).str.startswith("100").any(), "real UKPRNs start with 100"


@pytest.mark.slow
def test_a_country_keeps_to_codes_that_nobody_has() -> None:
    frames = generate(schools=2_405, years=1, seed=1)
    schools = frames["schools"]
    assert schools["urn"].max() <= 999_999
    assert schools["laestab"].is_unique
    assert set(schools["laestab"] // 10_000) == {999, 998} <= NEVER_USED
    assert schools["school_name"].is_unique
    for name, key in (("suspensions", "suspension_id"), ("outreach_contacts", "contact_id")):
        assert frames[name][key].is_unique
    assert frames["outreach_contacts"]["case_id"].dropna().isin(frames["outreach_cases"]["case_id"]).all()
    assert not frames["pupils"].duplicated(["pupil_ref", "valid_from"]).any()


def test_every_place_has_its_own_name() -> None:
    assert len({names.place(number) for number in range(names.MOST_PLACES)}) == names.MOST_PLACES >= 24_000


def test_check_letters_are_those_of_the_data_model() -> None:
    numbers = np.random.default_rng(3).integers(10**11, 10**12, 500)
    assert check_letters(numbers).tolist() == [upn_check_letter(str(number)) for number in numbers]


def test_different_pupils_have_different_upns() -> None:
    assert upns(np.arange(200_000), 999).is_unique
    assert upns(np.array([5, 7]), 998).tolist() == [upns(np.array([5]), 998)[0], upns(np.array([7]), 998)[0]]


def test_nobody_wrote_notes(larkshire: Frames) -> None:
    assert larkshire["outreach_contacts"]["notes"].isna().all()
