"""What local authorities are called."""

from data_model.reference import local_authorities


def la_name(la_code: int) -> str:
    """The name of a local authority by its three-digit code; `LA 123` for a code that is not known."""
    known = local_authorities().get(la_code)
    return known.name if known else f"LA {la_code:03d}"
