"""Writes houses.csv anew: 600 invented houses, with words, numbers, dates and gaps.

Nothing in it is of anybody's: it is drawn from a fixed seed, so that it is the same whenever it is made.
"""

from __future__ import annotations

import math
import random
from datetime import date, timedelta
from pathlib import Path

ROWS = 600
DISTRICTS = {"Harbour": 1.25, "Old town": 1.15, "Hillside": 1.0, "Station": 0.9, "Meadow": 0.8}
HEADER = "area,rooms,built,district,garden,distance_km,listed,price,sold_fast"


def write(path: Path) -> None:
    chance = random.Random(7)
    lines = [HEADER, *(_house(chance) for _ in range(ROWS))]
    path.write_text("\n".join(lines) + "\n", "utf-8", newline="\n")


def _house(chance: random.Random) -> str:
    """Price in thousands; it follows from the rest and some noise. What is cheap for what it is goes fast."""
    area = round(min(260.0, max(35.0, chance.gauss(110, 38))), 1)
    rooms = max(1, round(area / 27 + chance.gauss(0, 0.7)))
    built = int(chance.triangular(1900, 2024, 1995))
    district = chance.choice(list(DISTRICTS))
    garden = chance.random() < (0.7 if area > 100 else 0.3)
    distance = round(chance.expovariate(1 / 4.0) + 0.2, 1)
    fair = 2.6 * area * DISTRICTS[district] * (1 + 0.1 * garden) * math.exp(-distance / 30) * (1 + (built - 1960) / 400)
    price = fair * chance.gauss(1.0, 0.12)
    fast = price / fair + chance.gauss(0, 0.03) < 1.0
    listed = date(2023, 1, 1) + timedelta(days=chance.randrange(730))
    fields = [
        "" if chance.random() < 0.05 else f"{area}",
        str(rooms),
        "" if chance.random() < 0.04 else str(built),
        "NA" if chance.random() < 0.03 else district,
        "yes" if garden else "no",
        f"{distance}",
        listed.isoformat(),
        f"{price:.0f}",
        "yes" if fast else "no",
    ]
    return ",".join(fields)


if __name__ == "__main__":
    write(Path(__file__).with_name("houses.csv"))
