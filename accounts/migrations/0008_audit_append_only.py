from django.db import migrations

# What a table owner can still do by hand is not for a trigger to prevent; what code can do by mistake is.
# Allowed: forgetting a person who is deleted, what callers without a key have left, and a purge that says it is one.
_CREATE = """
CREATE FUNCTION accounts_audit_append_only() RETURNS trigger AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF OLD.organization_id = '00000000-0000-7000-8000-000000000001' AND NEW.organization_id = OLD.organization_id THEN
      RETURN NEW;
    END IF;
    IF NEW.user_id IS NULL AND to_jsonb(NEW) - 'user_id' = to_jsonb(OLD) - 'user_id' THEN
      RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the audit log is append-only: entry % cannot be changed', OLD.id
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF OLD.organization_id = '00000000-0000-7000-8000-000000000001'
     OR current_setting('packshot.audit_purge', true) = 'on' THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'the audit log is append-only: entry % cannot be deleted', OLD.id
    USING ERRCODE = 'integrity_constraint_violation';
END
$$ LANGUAGE plpgsql;
CREATE TRIGGER accounts_audit_append_only BEFORE UPDATE OR DELETE ON accounts_auditentry
  FOR EACH ROW EXECUTE FUNCTION accounts_audit_append_only();
"""
_DROP = """
DROP TRIGGER accounts_audit_append_only ON accounts_auditentry;
DROP FUNCTION accounts_audit_append_only();
"""


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(_CREATE, params=None)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(_DROP, params=None)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_member_last_seen")]
    operations = [migrations.RunPython(create, drop)]
