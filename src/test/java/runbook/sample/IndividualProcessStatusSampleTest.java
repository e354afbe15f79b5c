package runbook.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import runbook.TestPostgres;
import runbook.cli.dev.DevDatabase;
import runbook.cli.dev.Role;

/** The sample against numbers that were counted by hand, each kind of row told by what it looks like. */
class IndividualProcessStatusSampleTest {

    private static final String KINDS = """
            create temp view kinds as
            with known as (select array['draft', 'pending_documents', 'documents_submitted', 'under_review', 'on_hold',
                    'approved', 'rejected', 'completed', 'cancelled'] as words),
            told as (
                select p.*, status is null as s_null, status ~ '^\\s*$' as s_blank,
                    status ~ '^\\s|\\s$' and status !~ '^\\s*$' as s_padded,
                    status !~ '^\\s*$' and lower(trim(e' \\t' from status)) <> all (words) as s_unknown,
                    status <> lower(status) and lower(trim(e' \\t' from status)) = any (words) as s_other_case,
                    created_by is null as by_null,
                    created_by is not null and not exists (
                        select from individual_process_status.users u where u.id = created_by) as by_dangling,
                    created_at > '2090-01-01' as at_future, count(*) over (partition by created_at) > 1 as at_equal
                from individual_process_status.individual_processes p, known)
            select *, concat_ws(' ', case when s_null then 'null' end, case when s_blank then 'blank' end,
                    case when s_padded then 'padded' end, case when s_unknown then 'unknown' end,
                    case when s_other_case then 'other case' end) as of_status,
                case when by_null then 'null' when by_dangling then 'dangling' else 'there' end as of_creator,
                concat_ws(' ', case when at_future then 'future' end, case when at_equal then 'equal' end) as of_time
            from told""";

    @RegisterExtension
    final TestPostgres postgres = TestPostgres.prepared(
            "individual_process_status_legacy", owner -> SqlFolder.runLegacy(owner, "individual_process_status"));

    private final Sample sample = Samples.named("individual_process_status");

    @Test
    void holds_the_odd_rows_that_were_counted_by_hand() throws Exception {
        try (Connection owner = made(postgres.database(), sample.usualRows(), 1)) {
            Map<String, String> counted = new TreeMap<>();
            numbers(counted, owner, """
                    select count(*) as processes, count(*) filter (where s_null) as "status.null",
                        count(*) filter (where s_blank) as "status.blank",
                        count(*) filter (where s_padded) as "status.padded",
                        count(*) filter (where s_unknown) as "status.unknown",
                        count(*) filter (where s_other_case) as "status.other_case",
                        count(*) filter (where by_null) as "created_by.null",
                        count(*) filter (where by_dangling) as "created_by.dangling",
                        count(*) filter (where at_future) as "created_at.future",
                        count(*) filter (where at_equal) as "created_at.equal",
                        count(*) filter (where at_future and at_equal) as "created_at.future_and_equal"
                    from kinds""");
            numbers(counted, owner, """
                    select count(*) as users, count(*) filter (where role = 'admin') as admins
                    from individual_process_status.users""");
            numbers(counted, owner, """
                    select min(rows) as "combination.least" from (select count(*) as rows from kinds
                        group by of_status, of_creator, of_time, status = '') each""");

            assertThat(counted).isEqualTo(expected());
        }
    }

    @Test
    void has_at_least_20_rows_of_every_combination() throws Exception {
        try (Connection owner = made(postgres.database(), sample.usualRows(), 99);
                Statement statement = owner.createStatement();
                ResultSet row = statement.executeQuery("""
                        select count(*), min(rows) from (select count(*) as rows from kinds
                            group by of_status, of_creator, of_time) each""")) {
            row.next();

            // Ordinary, null, blank, padded, unknown, other case, padded and unknown, padded and other case.
            assertThat(row.getInt(1)).isEqualTo(8 * 3 * 4);
            assertThat(row.getInt(2)).isGreaterThanOrEqualTo(20);
        }
    }

    @Test
    void is_the_same_for_the_same_seed_and_another_for_another() throws Exception {
        String first = fingerprint(postgres.another(), 5);

        assertThat(fingerprint(postgres.another(), 5)).isEqualTo(first);
        assertThat(fingerprint(postgres.another(), 6)).isNotEqualTo(first);
    }

    @Test
    void refuses_a_database_that_holds_processes_already() throws Exception {
        try (Connection owner = made(postgres.database(), 10, 1)) {
            assertThatThrownBy(() -> sample.create(owner, 10, 1)).hasMessageContaining("holds rows already");
        }
    }

    @Test
    void gives_new_processes_numbers_of_their_own() throws Exception {
        try (Connection owner = made(postgres.database(), 1_000, 1);
                Statement statement = owner.createStatement()) {
            int rows = statement.executeUpdate(
                    "insert into individual_process_status.individual_processes (title) values ('new')");

            assertThat(rows).isOne();
        }
    }

    @Test
    void says_which_samples_there_are() {
        assertThatThrownBy(() -> Samples.named("nothing"))
                .hasMessage("There is no sample for 'nothing'. There are: individual_process_status");
    }

    private Connection made(DevDatabase database, long rows, long seed) throws SQLException {
        Connection owner = database.connect(Role.RUNBOOK);
        sample.create(owner, rows, seed);
        try (Statement statement = owner.createStatement()) {
            statement.execute(KINDS);
        }
        return owner;
    }

    private String fingerprint(DevDatabase database, long seed) throws SQLException {
        try (Connection owner = made(database, 2_000, seed);
                Statement statement = owner.createStatement();
                ResultSet row = statement.executeQuery("""
                        select md5(string_agg(p::text, '|' order by id))
                        from individual_process_status.individual_processes p""")) {
            row.next();
            return row.getString(1);
        }
    }

    private static void numbers(Map<String, String> into, Connection owner, String query) throws SQLException {
        try (Statement statement = owner.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                into.put(row.getMetaData().getColumnName(i), row.getString(i));
            }
        }
    }

    private static Map<String, String> expected() throws Exception {
        Properties expected = new Properties();
        try (InputStream file = IndividualProcessStatusSampleTest.class.getResourceAsStream(
                "/db/individual_process_status/sample/expected.properties")) {
            expected.load(file);
        }
        Map<String, String> sorted = new TreeMap<>();
        expected.forEach((key, value) -> sorted.put((String) key, (String) value));
        return sorted;
    }
}
