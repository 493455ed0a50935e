"""Every block: choosing one adds it to the canvas."""

from __future__ import annotations

from collections.abc import Sequence

from app.blocks.library import BlockEntry
from app.command_palette.providers.entry import Entry, Surroundings
from resources.text import tr

ORDER = 25


def blocks(around: Surroundings) -> Sequence[Entry]:
    def entry(block_entry: BlockEntry) -> Entry:
        def add() -> None:
            around.go_to_canvas().building_blocks.add_next(block_entry.block)

        return Entry("block", block_entry.block.name, add, tr("Block"), also=f"{block_entry.words} block")

    return [entry(found) for found in around.session.blocks.entries]


PROVIDE = blocks
