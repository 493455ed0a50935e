"""Which language to speak before anybody has chosen one."""

import locale
import os

from resources.text import LANGUAGES, use_language


def system_language() -> str:
    """The first language of the system that Lamella speaks, else English."""
    languages = [os.environ.get(key, "") for key in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")]
    languages.append(locale.getlocale()[0] or "")
    named = {"korean": "ko", "english": "en"}  # as Windows says it
    for name in filter(None, languages):
        code = name.split(":")[0].replace("-", "_").split("_")[0].lower()
        code = named.get(code, code)
        if code in LANGUAGES:
            return code
    return "en"


def use_system_language() -> None:
    use_language(system_language())
