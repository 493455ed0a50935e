"""How scripts read arrays in files: all at once, or batch by batch where memory may not hold them."""

from resources.python_code.parts import Constant, Loading
from resources.python_code.shared import AS_NUMBERS, LATER, LATER_ARRAYS, OWN_PARTS, PLACES

_BLOCK = 256  # samples in a row that are read together


def with_later(
    imports: tuple[str, ...],
    constants: tuple[Constant, ...],
    load: str,
    later: str,
    *,
    has_parts: bool = False,
    named_parts: bool = False,
) -> Loading:
    """`load` and `later` define `load_data()`: of arrays, and of columns that are read later.

    `named_parts`: they ask what names say of parts, even if there are none.
    """
    helpers = (PLACES, AS_NUMBERS, *((OWN_PARTS,) if has_parts or named_parts else ()))
    batched = Loading(imports, constants, (*helpers, LATER, LATER_ARRAYS, later), has_parts=has_parts, block=_BLOCK)
    return Loading(imports, constants, (*helpers, load), has_parts=has_parts, batched=batched)
