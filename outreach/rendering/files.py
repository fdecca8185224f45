"""Where templates lie: `<name>/<channel>.<language>.<ext>`."""

from __future__ import annotations

import re
from pathlib import Path

from outreach.domain.message import Channel
from outreach.rendering.errors import TemplateError
from outreach.rendering.locales import languages

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_EXTENSIONS = {Channel.SMS: "txt", Channel.EMAIL: "html", Channel.LETTER: "html"}


class TemplateFiles:
    """The template files below one folder. Names and languages are checked, so that none leads elsewhere."""

    def __init__(self, root: Path, *, look_again: bool = False) -> None:
        """`look_again` sees files that come and go; without it a folder is listed once."""
        self._root = root
        self._look_again = look_again
        self._listed: dict[tuple[str, Channel], list[str]] = {}

    def names(self) -> list[str]:
        """All templates, sorted; folders that begin with "_" hold shared parts."""
        if not self._root.is_dir():
            return []
        return sorted(
            folder.name for folder in self._root.iterdir() if folder.is_dir() and _NAME.fullmatch(folder.name)
        )

    def locales(self, template: str, channel: Channel) -> list[str]:
        """The languages in which the template exists for the channel, sorted."""
        extension = _EXTENSIONS.get(channel)
        if extension is None or not _NAME.fullmatch(template):
            return []
        listed = self._listed.get((template, channel))
        if listed is None or self._look_again:
            found = (path.name.split(".") for path in (self._root / template).glob(f"{channel}.*.{extension}"))
            listed = sorted(parts[1] for parts in found if len(parts) == 3 and _LANGUAGE.fullmatch(parts[1]))
            if listed:
                self._listed[template, channel] = listed
        return list(listed)

    def language(self, template: str, channel: Channel, wanted: str) -> str:
        """The language to write in for a debtor who reads `wanted`: its own, a parent, else English.

        Raises TemplateError when there is no file for any of them.
        """
        have = {language.lower(): language for language in self.locales(template, channel)}
        for tag in languages(wanted):
            if tag.lower() in have:
                return have[tag.lower()]
        raise TemplateError(
            file=f"{template}/{channel}.{languages(wanted)[0]}.{_EXTENSIONS.get(channel, 'txt')}",
            line=None,
            message=f"there is no {channel} template {template!r} in this language or in English",
            remedy=f"Write it, or name one that exists: {', '.join(self.names()) or 'the folder is empty'}",
        )

    def path(self, template: str, channel: Channel, language: str) -> str:
        """The file's path relative to the folder of templates."""
        return f"{template}/{channel}.{language}.{_EXTENSIONS[channel]}"

    def text_part(self, template: str, language: str) -> str | None:
        """The e-mail's own text part, if its writer made one."""
        path = f"{template}/{Channel.EMAIL}.{language}.txt"
        return path if (self._root / path).is_file() else None
