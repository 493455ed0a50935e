"""Writes the sample sentences.txt anew: what guests say in a café, in English and Korean, made up by us.

Each line is a label, a tab and a sentence. The same lines come out whenever and wherever it runs.
"""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Final

import numpy as np

THINGS: Final = ("coffee", "soup", "cake", "bread", "salad", "tea", "breakfast", "lemonade")
THINGS_KO: Final = ("커피", "수프", "케이크", "빵", "샐러드", "차", "아침 식사", "레모네이드")
FORMS: Final[dict[str, tuple[str, ...]]] = {
    "praise": (
        "I love the {thing} here.",
        "The {thing} was wonderful today.",
        "Thank you, the best {thing} in town!",
        "What a lovely {thing}, fresh and warm.",
        "My friends enjoyed the {thing} very much.",
        "Great {thing}, and so friendly people.",
    ),
    "complaint": (
        "The {thing} was cold and came too late.",
        "I waited an hour for my {thing}.",
        "This {thing} is not what I ordered.",
        "Sorry, but the {thing} tasted of nothing.",
        "Too expensive for such a small {thing}.",
        "The {thing} was terrible, I will not come back.",
    ),
    "question": (
        "Do you have {thing} without sugar?",
        "When is the {thing} ready?",
        "How much is the {thing}?",
        "Can I take the {thing} with me?",
        "Which {thing} do you recommend?",
        "Is there milk in the {thing}?",
    ),
}
FORMS_KO: Final[dict[str, tuple[str, ...]]] = {
    "praise": (
        "여기 {thing} 정말 좋아요.",
        "오늘 {thing} 아주 훌륭했어요.",
        "동네에서 제일 맛있는 {thing} 고마워요!",
        "신선하고 따뜻한 {thing} 최고예요.",
        "친구들도 {thing} 맛있게 먹었어요.",
        "{thing} 훌륭하고 직원도 친절해요.",
    ),
    "complaint": (
        "{thing} 식은 채로 너무 늦게 나왔어요.",
        "{thing} 한 시간이나 기다렸어요.",
        "제가 주문한 {thing} 아니에요.",
        "죄송하지만 {thing} 아무 맛도 안 나요.",
        "이렇게 작은 {thing} 너무 비싸요.",
        "{thing} 별로라서 다시는 안 올 거예요.",
    ),
    "question": (
        "설탕 없는 {thing} 있나요?",
        "{thing} 언제 나오나요?",
        "{thing} 얼마인가요?",
        "{thing} 포장할 수 있나요?",
        "어떤 {thing} 추천하시나요?",
        "{thing} 우유가 들어가나요?",
    ),
}


def sentences() -> list[str]:
    """All lines, in an order that tells nothing."""
    lines = [
        f"{label}\t{form.format(thing=thing)}"
        for forms, things in ((FORMS, THINGS), (FORMS_KO, THINGS_KO))
        for label, patterns in forms.items()
        for form, thing in itertools.product(patterns, things)
    ]
    order = np.random.default_rng(1).permutation(len(lines))
    return [lines[place] for place in order]


def main() -> None:
    path = Path(__file__).with_name("sentences.txt")
    path.write_text("\n".join(sentences()) + "\n", "utf-8", newline="\n")


if __name__ == "__main__":
    main()
