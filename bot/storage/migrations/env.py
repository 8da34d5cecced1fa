"""Alembic's entry: migrate on the connection that ``bot.storage.migrate`` hands over, inside its transaction."""

from alembic import context

from bot.storage import (  # noqa: F401  their tables belong to the metadata too
    broadcast_tables,
    learning_tables,
    metrics_tables,
    review_tables,
    ticket_tables,
)
from bot.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=False,  # the caller's transaction holds it all
)
context.run_migrations()
