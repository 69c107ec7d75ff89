"""The house keeps its own rules: pure cores, short modules, a README per app, pinned requirements, licences."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = ("config", "web", "hotline", "routing", "rosters", "directory", "integrations")
PURE = ("directory/core", "rosters/core", "routing/core", "hotline/core", "hotline/call")
SOLVER = {  # the planner's only files that know more than the standard library
    "rosters/core/planner/highs.py": ("highspy", "numpy"),
    "rosters/core/planner/programs.py": ("numpy",),
}
LONGEST_MODULE = 400
TOO_LONG = re.compile(r"\blong\b", re.IGNORECASE)  # 'This module is long because ...'


def committed() -> list[Path]:
    """Every file of the repository, also new ones; without what git ignores."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True
    )
    if listed.returncode:
        pytest.skip("not a git checkout, so there is no list of files")
    return sorted({ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()})


def python_files() -> list[Path]:
    return [path for path in committed() if path.suffix == ".py" and "migrations" not in path.parts]


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write imports in full"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_pure(name: str) -> bool:
    allowed = (*(folder.replace("/", ".") + "." for folder in PURE), "integrations.twilio.verbs.")
    return name.partition(".")[0] in sys.stdlib_module_names or f"{name}.".startswith(allowed)


def test_cores_import_only_the_standard_library_each_other_the_verbs_and_one_the_solver() -> None:
    impure = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in python_files()
        if path.relative_to(ROOT).as_posix().startswith(tuple(f"{folder}/" for folder in PURE))
        for name in imported(path)
        if not is_pure(name) and name.partition(".")[0] not in SOLVER.get(path.relative_to(ROOT).as_posix(), ())
    ]
    assert impure == []


def test_a_module_over_400_lines_says_why_in_its_docstring() -> None:
    silent = []
    for path in python_files():
        text = path.read_text(encoding="utf-8")
        reason = TOO_LONG.search(ast.get_docstring(ast.parse(text)) or "")
        if text.count("\n") > LONGEST_MODULE and not reason:
            silent.append(f"{path.relative_to(ROOT)}: {text.count(chr(10))} lines; say why it is long, or split it")
    assert silent == []


@pytest.mark.parametrize("app", APPS)
def test_the_app_has_a_readme_of_10_to_30_lines(app: str) -> None:
    lines = (ROOT / app / "README.md").read_text(encoding="utf-8").splitlines()
    assert 10 <= len(lines) <= 30


@pytest.mark.parametrize("name", ["run", "test"])
def test_requirements_are_pinned_and_hashed_and_name_no_address(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    packages = re.split(r"\n(?=\S)", text.strip())
    assert len(packages) > 30
    for package in packages:
        assert re.match(r"[a-z0-9.\-\[\]]+==\S+ (; .* )?\\\n", package), package.splitlines()[0]
        assert "--hash=sha256:" in package
    assert "://" not in text
    assert "--index" not in text


def test_the_requirements_of_the_tests_hold_those_of_the_program() -> None:
    run, tests = (
        set(re.findall(r"^\S+==\S+", (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8"), re.MULTILINE))
        for name in ("run", "test")
    )
    assert run - tests == set()


def canonical(name: str) -> str:
    """A package's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test_what_the_program_imports_is_a_dependency_of_its_own() -> None:
    """Not one that happens to come along with another."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    names = {canonical(re.split(r"[\[<>=~ ]", line)[0]) for line in declared}
    homes = packages_distributions()
    foreign = {
        (path.relative_to(ROOT).parts[0], name.partition(".")[0])
        for path in python_files()
        if path.relative_to(ROOT).parts[0] in APPS
        for name in imported(path)
        if name.partition(".")[0] not in {*sys.stdlib_module_names, *APPS}
    }
    undeclared = [
        f"{app} imports {name}"
        for app, name in sorted(foreign)
        if not names & {canonical(home) for home in homes.get(name, [])}
    ]
    assert undeclared == []


def test_nothing_points_outside_the_repository() -> None:
    outside = re.compile(r"(?<![\w/])(\.\./)*shared/(design|data)")
    guilty = [
        str(path.relative_to(ROOT))
        for path in committed()
        if path != Path(__file__) and outside.search(path.read_bytes().decode("utf-8", errors="ignore"))
    ]
    assert guilty == []


def test_the_licence_is_the_whole_eupl() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2\n")
    for article in range(1, 16):
        assert re.search(rf"^{article}\.", text, re.MULTILINE), f"article {article}"
    assert "Appendix" in text
    assert len(text.split()) > 2100


def test_every_asset_of_others_carries_its_licence() -> None:
    vendors = [path for path in committed() if "vendor" in path.parts]
    folders = {Path(*path.parts[: path.parts.index("vendor") + 2]) for path in vendors}
    bare = [
        str(folder.relative_to(ROOT))
        for folder in folders
        if not any(file.name.upper().startswith(("LICENSE", "LICENCE", "OFL")) for file in folder.iterdir())
    ]
    assert bare == []
