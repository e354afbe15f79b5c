package runbook.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimitsTest {

    @Test
    void what_nobody_set_has_its_usual_limit_or_none() {
        assertThat(Limits.USUAL.limit(Signal.ARCHIVE_QUEUE)).contains(42.0);
        assertThat(Limits.USUAL.limit(Signal.WAL_RATE)).isEmpty();
        assertThat(Limits.USUAL.limit(Signal.CUSTOM)).isEmpty();
    }

    @Test
    void reads_numbers_durations_and_off() {
        Limits limits =
                read(Map.of("replicaLag", "PT1M30S", "lockWaiters", 0, "activeSessions", 2.5, "deadlocks", "off"));

        assertThat(limits.limit(Signal.REPLICA_LAG)).contains(90.0);
        assertThat(limits.limit(Signal.LOCK_WAITERS)).contains(0.0);
        assertThat(limits.limit(Signal.ACTIVE_SESSIONS)).contains(2.5);
        assertThat(limits.limit(Signal.DEADLOCKS)).isEmpty();
        assertThat(limits.limit(Signal.ARCHIVE_QUEUE)).contains(42.0);
    }

    @Test
    void tells_every_problem_with_what_was_expected() {
        assertThat(problems(Map.of("lag", 3)))
                .containsExactly(
                        "'limits': unknown signal 'lag'; known signals: replicaLag, lockWaiters, activeSessions,"
                                + " walRate, archiveQueue, autovacuum, wraparound, oldestSnapshot, deadTuples, checkpoints,"
                                + " slotRetained, deadlocks, rollbacks, custom");
        assertThat(problems(Map.of("deadTuples", 101)))
                .containsExactly("'limits': 'deadTuples': expected per cent from 0 to 100, or \"off\"; found 101");
        assertThat(problems(Map.of("replicaLag", "soon", "lockWaiters", -1, "walRate", "PT1S", "custom", List.of())))
                .containsExactlyInAnyOrder(
                        "'limits': 'replicaLag': expected seconds or a duration such as \"PT10S\" from 0 to 604800, or"
                                + " \"off\"; found \"soon\"",
                        "'limits': 'lockWaiters': expected a number from 0 to 100000, or \"off\"; found -1",
                        "'limits': 'walRate': expected bytes per second from 0 to 1000000000000, or \"off\"; found"
                                + " \"PT1S\"",
                        "'limits': 'custom': expected a number from 0 to 1000000000000000, or \"off\"; found []");
        assertThat(problems(Map.of("replicaLag", "PT-1S", "deadlocks", Double.NaN)))
                .hasSize(2);
    }

    @Test
    void changes_win_and_leave_the_rest() {
        Limits before = read(Map.of("replicaLag", 5, "lockWaiters", "off", "walRate", 1000, "deadTuples", "off"));

        Limits after = before.with(read(Map.of("replicaLag", "off", "lockWaiters", 7)));

        assertThat(after)
                .isEqualTo(read(Map.of("replicaLag", "off", "lockWaiters", 7, "walRate", 1000, "deadTuples", "off")));
    }

    @ParameterizedTest
    @CsvSource({
        "SECONDS,12,12 s",
        "SECONDS,0.25,0.3 s",
        "SECONDS,600,10 min",
        "SECONDS,7200,2 h",
        "PER_CORE,4.5,4.5 per core",
        "BYTES,10000000000,10 GB",
        "BYTES_PER_SECOND,2500000,2.5 MB/s",
        "PER_CENT,80,80 %",
        "PER_MINUTE,3,3 per minute",
        "COUNT,42,42",
    })
    void readings_read_well(Unit unit, double number, String words) {
        assertThat(unit.said(number)).isEqualTo(words);
    }

    private static Limits read(Map<String, Object> typed) {
        List<String> problems = new ArrayList<>();
        Limits limits = Limits.of(typed, problems);
        assertThat(problems).isEmpty();
        return limits;
    }

    private static List<String> problems(Map<String, Object> typed) {
        List<String> problems = new ArrayList<>();
        assertThat(Limits.of(typed, problems).at()).isEmpty();
        return problems;
    }
}
