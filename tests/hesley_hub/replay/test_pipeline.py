from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from events import world
from events.models import Event, Handling
from hesley_hub.replay.pipeline import Sink, replay_pipeline, run_pipeline
from hesley_hub.replay.scratch import LiveDatabaseError, scratch_database
from oversight.escalation.models import Acknowledgement, Delivery, Step
from oversight.risk.replay import engine_only
from oversight.risk.replay.alarms import write_alarms
from oversight.risk.replay.reading import read_histories
from tests.conftest import owner
from tests.hesley_hub.replay.conftest import Files, make

HOMES = "urn,provider,places,kind\nDEMO1,One,4,home\n"
EVENTS = "reference,urn,stream,occurred_on,recorded_on,source\n"


def marked(kind: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("update events_world set kind = %s", [kind])
    world.forget()


@pytest.mark.django_db(transaction=True)
def test_the_pipeline_raises_the_alarms_of_the_engine_alone(small_history: Files, tmp_path: Path) -> None:
    histories = read_histories(*small_history)
    sink = Sink()
    with owner():
        found = run_pipeline(histories, sink=sink)
        write_alarms(found, tmp_path / "pipeline.csv")
        alone = engine_only.run(histories.homes, histories.records, histories.placements, histories.until)
        write_alarms(alone, tmp_path / "alone.csv")
        assert (tmp_path / "pipeline.csv").read_bytes() == (tmp_path / "alone.csv").read_bytes()
        assert {"death", "concern", "opinion_no", "no_visit"} <= {alarm.pattern for alarm in found}
        assert {"change", "provider", "rule", "missing_report"} <= {alarm.kind for alarm in found}
        assert sink.taken == Delivery.objects.filter(state="sent", carried_by__isnull=True).count() > 0
        assert Step.objects.filter(number__gt=1).exists(), "ladders climb"
        assert Acknowledgement.objects.exists(), "and people answer"
        assert not Handling.objects.filter(done_at__isnull=True).exists()
        recorded = Event.objects.filter(kind="incidents.incident_recorded").count()
        assert recorded == sum(
            record.stream != "reg44" for theirs in histories.records.values() for record in theirs
        )


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(1800)
def test_two_hundred_homes_and_the_same_bytes_twice(tmp_path: Path) -> None:
    files = make(tmp_path, homes=200, years=3.0)
    for name in ("first", "second"):
        with owner():
            assert replay_pipeline(*files, tmp_path / f"{name}.csv") == 0
    engine_only.replay_engine_only(*files, tmp_path / "alone.csv")
    first = (tmp_path / "first.csv").read_bytes()
    assert first == (tmp_path / "second.csv").read_bytes() == (tmp_path / "alone.csv").read_bytes()


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["live", "demo"])
def test_no_other_world_is_ever_poured_into(kind: str, small_history: Files) -> None:
    with owner():
        marked(kind)
        with pytest.raises(RuntimeError, match="scratch"):
            run_pipeline(read_histories(*small_history), sink=Sink())
        assert not Event.objects.exists()


@pytest.mark.django_db
def test_a_live_hubs_server_is_refused(small_history: Files, capsys: pytest.CaptureFixture[str]) -> None:
    with owner():
        marked("live")
        with pytest.raises(LiveDatabaseError), scratch_database():
            pass
        assert replay_pipeline(*small_history) == 1
    assert "live hub" in capsys.readouterr().err


@pytest.mark.django_db(transaction=True)
def test_a_scratch_database_is_made_used_and_dropped(
    write: Callable[[str, str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    home = connection.settings_dict["NAME"]
    events = write("events.csv", EVENTS + "A1,DEMO1,lado,2024-02-05,2024-02-06,police\n")
    with owner():
        assert replay_pipeline(write("homes.csv", HOMES), events) == 0
        assert connection.settings_dict["NAME"] == home
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from pg_database where datname like 'hub_scratch_%%'")
            assert cursor.fetchone() == (0,)
        assert not Event.objects.exists()
    assert "none left this machine" in capsys.readouterr().out


@pytest.mark.parametrize("mode", [[], ["--engine-only"]])
def test_a_row_that_cannot_be_read_stops_before_anything_is_written(
    mode: list[str], write: Callable[[str, str], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    events = write("events.csv", EVENTS + "A1,DEMO1,lado,2024-02-05,2024-02-04,police\n")
    alarms = tmp_path / "alarms.csv"
    with pytest.raises(SystemExit) as stopped:
        call_command("replay", str(write("homes.csv", HOMES)), str(events), "--alarms", str(alarms), *mode)
    assert stopped.value.code == 2
    said = capsys.readouterr().err
    assert "events.csv, line 2, column recorded_on" in said
    assert "Nothing was written" in said
    assert not alarms.exists()


def test_the_command_asks_for_what_it_needs() -> None:
    with pytest.raises(CommandError, match=r"HOMES\.csv"):
        call_command("replay")


def test_reconstructions_of_the_published_totals(capsys: pytest.CaptureFixture[str]) -> None:
    calls = []

    def hesley(seeds: int) -> int:
        calls.append(seeds)
        return 0

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("hesley_hub.management.commands.replay.hesley", hesley)
        with pytest.raises(SystemExit) as stopped:
            call_command("replay", "--hesley", "--seeds", "3")
    assert stopped.value.code == 0
    assert calls == [3]
