"""All packs: those that come with the program, and those of the house's own directories."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from outreach.documents.problem import Problem, has_errors
from outreach.domain.policy import Pack
from outreach.policies.reading import PackFile, read_pack
from outreach.policies.versions import check_tightens, check_versions

PACKS = Path(__file__).parent / "packs"


class BadPacks(Exception):
    """Packs have mistakes, so that the law is not known and nothing may be sent. `problems` says which."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class LoadedPacks:
    """The packs without mistakes, by name and day, and what is wrong with the others and between them."""

    packs: tuple[Pack, ...]
    problems: tuple[Problem, ...]

    def all(self) -> tuple[Pack, ...]:
        """The packs, when every one of them is right; raises BadPacks when a law would be left out."""
        if has_errors(self.problems):
            raise BadPacks(self.problems)
        return self.packs


@lru_cache(maxsize=1)
def built_in() -> tuple[Pack, ...]:
    """The packs that come with the program. Raises BadPacks on any mistake in them."""
    return load_packs().all()


def load_packs(*directories: Path) -> LoadedPacks:
    """The packs that come with the program and those of `directories`, checked together."""
    return load_directories(PACKS, *directories)


def load_directories(*directories: Path) -> LoadedPacks:
    """The packs of every `<pack>@<version>.yaml` in `directories`.

    A file of the same name as one in an earlier directory stands in its place: so a house ends a version when the law
    changes. What is unverified in it may only tighten.
    """
    files: dict[str, PackFile] = {}
    problems: list[Problem] = []
    for directory in directories:
        found, mistakes = _read(directory)
        problems += mistakes
        for file in found:
            replaced = files.get(file.pack.name)
            problems += check_tightens(replaced.pack, file) if replaced else ()
            files[file.pack.name] = file
    problems += check_versions(files.values())
    ordered = sorted((file.pack for file in files.values()), key=lambda pack: (pack.id, str(pack.effective_from or "")))
    return LoadedPacks(tuple(ordered), tuple(problems))


def _read(directory: Path) -> tuple[list[PackFile], list[Problem]]:
    if not directory.is_dir():
        remedy = "Create it, or name another one with --policies or OUTREACH_POLICIES"
        return [], [Problem(str(directory), 0, 0, "", "there is no such directory", remedy)]
    files: list[PackFile] = []
    problems: list[Problem] = []
    for path in sorted(directory.iterdir()):
        if path.suffix == ".yaml" and not path.name.startswith("."):
            file, mistakes = read_pack(path)
            problems += mistakes
            if file and path.name != f"{file.pack.name}.yaml":
                message = f"the file of {file.pack.name} is called {path.name}"
                problems.append(file.problem(("pack",), message, f"Rename it to {file.pack.name}.yaml"))
            files += [file] if file else []
        elif path.suffix == ".yml":
            remedy = "Rename it to end in .yaml"
            problems.append(Problem(str(path), 0, 0, "", "the file is not read", remedy))
    return files, problems
