"""`flask vapid-key`: the key by which browsers' push services know a city."""

import click

from notifications import vapid


@click.command("vapid-key")
def vapid_key_command() -> None:
    """Print a new XOM_VAPID_PRIVATE_KEY. With another one every browser has to subscribe again."""
    click.echo(vapid.new_private_key())


commands = [vapid_key_command]
