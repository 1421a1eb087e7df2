"""Who may read what a child said."""

from django.db import migrations

from events.rls import NOW, VIEWER, Policy, readable, secure
from homes.history.rules import keep_history
from homes.people.rules import nothing_new
from homes.rls import MY_CHILDREN, MY_CHILDREN_NOT_AS_FAMILY, OPEN_CASES, REACH, REGULATES, stands
from homes.roles import Picture

VIEWS = " or ".join(
    (
        REGULATES,
        f"(provider_sees and {stands(Picture.PROVIDER)})",
        f"(home_id, child_id) in ({OPEN_CASES})",
        f"child_id = any({MY_CHILDREN_NOT_AS_FAMILY})",
        f"recorded_by_id = {VIEWER}",
    )
)
ITS_VIEW = "exists (select 1 from voice_view v where v.id = view_id)"

SIDE = f"""
create function voice_side_is_true() returns trigger language plpgsql as $$
begin
  if current_user = 'hub_web' and new.by_provider <> exists (
    select 1 from homes_accesshome a where a.user_id = {VIEWER} and a.home_id = new.home_id
       and a.picture = 'provider' and a.starts_at <= {NOW} and (a.ends_at is null or a.ends_at > {NOW})) then
    raise exception 'by_provider follows from who records' using errcode = 'check_violation';
  end if;
  return new;
end $$;
grant execute on function voice_side_is_true() to hub_web, hub_worker;
create trigger side_is_true before insert on voice_view for each row execute function voice_side_is_true();
"""


class Migration(migrations.Migration):
    dependencies = [("voice", "0001_initial"), ("homes", "0002_security")]

    operations = [
        secure(
            "voice_view",
            [
                *readable(VIEWS),
                Policy(
                    "author_records",
                    "insert",
                    check=f"recorded_by_id = {VIEWER} and ({REACH} or child_id = any({MY_CHILDREN}))",
                ),
            ],
            web="select, insert, update (shared_with_provider_at, shared_with_provider_by_id,"
            " shared_with_provider_why)",
        ),
        migrations.RunSQL(SIDE, "drop function voice_side_is_true() cascade"),
        nothing_new("voice_view"),
        secure(
            "voice_done",
            [
                *readable(ITS_VIEW),
                Policy("reader_answers", "insert", check=f"done_by_id = {VIEWER} and {ITS_VIEW}"),
            ],
            web="select, insert, update (child_told_at, child_told_how)",
        ),
        keep_history("voice_view"),
        keep_history("voice_done"),
    ]
