"""Writes a migration: python -m data_model "What changed". For developers; the app applies migrations by itself."""

import sys

from alembic import command

from data_model.store import connect, head, migrate, migrations


def main() -> None:
    """Compare the declarations with the newest schema, and write the difference as the next migration."""
    if len(sys.argv) != 2:
        raise SystemExit('Say what changed: python -m data_model "Add the managed moves"')
    engine = connect("sqlite://")
    config = migrations()
    migrate(engine)
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.revision(config, sys.argv[1], autogenerate=True, rev_id=f"{int(head()) + 1:04d}")


if __name__ == "__main__":
    main()
