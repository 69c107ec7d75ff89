"""manage.py plan: the door for anybody's problem. It needs no database."""

from __future__ import annotations

import io
import json
import os
import signal
import threading
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from benchmarks import planner_check, planner_problems
from tests.rosters.core.planner.problems import a_person, a_problem, a_slot


def plan(problem: Any, folder: Path, *more: str) -> tuple[dict[str, Any], dict[str, Any], str]:
    """What it wrote, its last line, and what it said on the way."""
    source, target = folder / "problem.json", folder / "proposal.json"
    source.write_text(problem if isinstance(problem, str) else json.dumps(problem))
    out, told = io.StringIO(), io.StringIO()
    call_command("plan", "--load", str(source), "--out", str(target), *more, stdout=out, stderr=told)
    return json.loads(target.read_text()), json.loads(out.getvalue().splitlines()[-1]), told.getvalue()


def test_a_problem_becomes_a_proposal_with_a_summary_on_the_last_line(tmp_path: Path) -> None:
    problem = planner_problems.problem("small", 1)
    proposal, summary, _ = plan(problem, tmp_path, "--seconds", "20", "--seed", "3")
    assert planner_check.faults(problem, proposal) == []
    assert planner_check.main(str(tmp_path / "problem.json"), str(tmp_path / "proposal.json")) == 0
    assert proposal["seed"] == summary["seed"] == 3
    assert summary["uncovered_total"] == proposal["uncovered_total"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["problem.json", "proposal.json"]


def test_a_lock_that_cannot_stand_is_told(tmp_path: Path) -> None:
    problem = a_problem([a_slot()], [a_person(areas=[])], locked=[{"slot": "s1", "person": "p1"}])
    _, summary, told = plan(problem, tmp_path)
    assert summary["locks_refused"] == 1
    assert "the lock of p1 on s1 cannot stand" in told


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        ("{", "is not JSON"),
        ("[" * 100_000, "is nested too deeply"),
        (a_problem([a_slot()], [a_person(weight=0)]), "people[0].weight: must be > 0"),
        (a_problem([a_slot(hours=-2)], []), "slots[0].end: must be after start"),
        (a_problem([], [], rule={}), "rule: is not known"),
    ],
)
def test_a_problem_that_cannot_be_read_is_refused_with_what_is_wrong(problem: Any, said: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=said.replace("[", r"\[")) as refused:
        plan(problem, tmp_path)
    assert refused.value.returncode == 2
    assert not (tmp_path / "proposal.json").exists()


def test_files_that_are_not_there_are_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read") as unread:
        call_command("plan", "--load", str(tmp_path / "none.json"), "--out", str(tmp_path / "out.json"))
    (tmp_path / "problem.json").write_text(json.dumps(a_problem([], [])))
    with pytest.raises(CommandError, match="choose a file in a folder that is there") as unwritten:
        call_command("plan", "--load", str(tmp_path / "problem.json"), "--out", str(tmp_path / "no" / "out.json"))
    assert unread.value.returncode == unwritten.value.returncode == 2


@pytest.mark.slow
def test_ctrl_c_keeps_the_best_answer(tmp_path: Path) -> None:
    problem, told = planner_problems.problem("nat35", 1), io.StringIO()
    (tmp_path / "problem.json").write_text(json.dumps(problem))
    threading.Timer(6, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    files = ("--load", str(tmp_path / "problem.json"), "--out", str(tmp_path / "out.json"))
    call_command("plan", *files, "--seconds", "500", stdout=told, stderr=told)
    proposal = json.loads((tmp_path / "out.json").read_text())
    assert proposal["seconds"] < 120
    assert planner_check.faults(problem, proposal) == []


@pytest.mark.parametrize("more", [("--seconds", "0"), ("--seconds", "nan"), ("--seed", "-1"), ("--seed", "x")])
def test_a_limit_that_is_none_is_refused(more: tuple[str, str], tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="is not a"):
        plan(a_problem([], []), tmp_path, *more)
