"""Runs the migrations on the connection that `data_model.store.migrate` hands over."""

from alembic import context

from data_model import store
from data_model.metadata import metadata

assert store.TABLES, "the declarations fill the metadata"

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
