package runbook.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import runbook.cli.dev.Role;

/** A role that owns nothing and was granted nothing: each refusal holds the command that cures it. */
class MissingPrivilegeTest extends OneRun {

    private static final Pattern CURE = Pattern.compile("(?:GRANT|ALTER ROLE) [^;]*;");

    private Services services;
    private String role;
    private String owner;

    /** The old shape belongs to one role that nobody logs in as, and another one runs the migration. */
    @BeforeEach
    void open() throws Exception {
        role = "mover_" + postgres.target();
        owner = "owner_" + postgres.target();
        String schema = "individual_process_status";
        as(
                "create role " + role + " login password 'for-the-mover'",
                "create role " + owner,
                "revoke connect on database " + postgres.database().name() + " from public",
                "alter schema %s owner to %s".formatted(schema, owner),
                "alter table %s.users owner to %s".formatted(schema, owner),
                "alter table %s.individual_processes owner to %s".formatted(schema, owner),
                "alter view %s.individual_process_list owner to %s".formatted(schema, owner),
                "alter function %s.current_user_id() owner to %s".formatted(schema, owner));
        services = new Services(postgres, folder).with("prod", "user", role, "password", "for-the-mover");
    }

    @AfterEach
    void close() throws Exception {
        services.close();
    }

    @Test
    @Timeout(120)
    void all_that_a_role_may_not_do_is_told_at_once_and_the_grants_that_are_named_cure_it() throws Exception {
        String database = postgres.database().name();
        cure(refusal(
                "target 'prod' cannot be used (SQLSTATE 42501): the role may not connect. GRANT CONNECT ON DATABASE "
                        + "\"%s\" TO \"%s\";".formatted(database, role)));

        cure(refusal(
                "target 'prod': the role may not see other sessions. GRANT pg_monitor TO %s;".formatted(role),
                "target 'prod': the role may not create schemas here. GRANT CREATE ON DATABASE %s TO %s;"
                        .formatted(database, role),
                "target 'prod': the role may not create the scratch database of the restore drill. ALTER ROLE %s CREATEDB;"
                        .formatted(role),
                "target 'prod': the role may not add the new shape to schema individual_process_status. GRANT USAGE,"
                        + " CREATE ON SCHEMA individual_process_status TO %s;".formatted(role),
                "target 'prod': individual_process_status.individual_process_list,"
                        + " individual_process_status.individual_processes, individual_process_status.users belong to"
                        + " role %s, and only an owner may add mirrors, switch views and retire columns. GRANT %s TO %s;"
                                .formatted(owner, owner, role)));

        run.completes(run.input("target", "prod"));
    }

    @Test
    void a_membership_that_is_not_inherited_is_told_from_none() throws Exception {
        as(
                "grant connect, create on database %s to %s"
                        .formatted(postgres.database().name(), role),
                "alter role %s createdb".formatted(role),
                "grant pg_monitor to %s".formatted(role),
                "grant %s to %s with inherit false".formatted(owner, role),
                "grant usage, create on schema individual_process_status to " + role);

        cure(refusal("target 'prod': individual_process_status.individual_process_list,"
                + " individual_process_status.individual_processes, individual_process_status.users belong to role %s,"
                        .formatted(owner)
                + " and only an owner may add mirrors, switch views and retire columns. GRANT %s TO %s WITH INHERIT TRUE;"
                        .formatted(owner, role)));

        run.completes(run.input("target", "prod"));
    }

    @Test
    void an_owner_of_the_old_shape_who_may_not_own_the_new_one_is_told() throws Exception {
        as(
                "grant connect, create on database %s to %s"
                        .formatted(postgres.database().name(), role),
                "alter role %s createdb".formatted(role),
                "grant pg_monitor, %s to %s".formatted(owner, role),
                "alter schema individual_process_status owner to " + role,
                "grant usage on schema individual_process_status to " + owner);

        cure(refusal("target 'prod': role %s, which owns the old shape, may not own the new one too. GRANT CREATE ON"
                        .formatted(owner)
                + " SCHEMA individual_process_status TO %s;".formatted(owner)));

        run.completes(run.input("target", "prod"));
    }

    @Test
    void what_an_earlier_run_made_as_another_role_is_told() throws Exception {
        as("grant connect, create on database %s to %s"
                .formatted(postgres.database().name(), role));
        as("alter role %s createdb".formatted(role), "grant pg_monitor, %s to %s".formatted(owner, role));
        as("create schema runbook authorization runbook");

        cure(refusal("target 'prod': schema runbook belongs to role runbook, as which an earlier run was made. GRANT"
                + " runbook TO %s;".formatted(role)));

        run.completes(run.input("target", "prod"));
    }

    private List<String> refusal(String... problems) throws Exception {
        run.refuses(run.input("target", "prod"), problems);
        return List.of(problems);
    }

    /** Runs what the messages tell people to run, as they stand there. */
    private void cure(List<String> problems) throws SQLException {
        for (String problem : problems) {
            Matcher cure = CURE.matcher(problem);
            assertThat(cure.find()).as(problem).isTrue();
            as(cure.group());
        }
    }

    private void as(String... statements) throws SQLException {
        try (Connection superuser = postgres.database().connect(Role.SUPERUSER);
                Statement statement = superuser.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
